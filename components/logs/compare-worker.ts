/** Compares two logs in a thread of its own: the page stays quick, and can end it. */

import { fetchLines, linesFrom } from "@/lib/snapshots/queries";
import { diffLogs, type LogDiff } from "./log-diff";

export interface ComparedLog {
  snapshotId: string;
  from: number;
  to: number;
}
export interface CompareRequest {
  before: ComparedLog;
  after: ComparedLog;
}
export type CompareAnswer = { ok: true; diff: LogDiff } | { ok: false; message: string };

const DIFF_MS = 5_000;

async function compare({ before, after }: CompareRequest): Promise<LogDiff> {
  const { signal } = new AbortController();
  const [one, other] = await Promise.all(
    [before, after].map(({ snapshotId, from, to }) =>
      to < from ? Promise.resolve([]) : fetchLines(snapshotId, linesFrom(from, to), signal),
    ),
  );
  return diffLogs(one ?? [], other ?? [], DIFF_MS);
}

self.addEventListener("message", ({ data }: MessageEvent<CompareRequest>) => {
  compare(data).then(
    (diff) => self.postMessage({ ok: true, diff } satisfies CompareAnswer),
    (error: unknown) => self.postMessage({ ok: false, message: String(error) } satisfies CompareAnswer),
  );
});
