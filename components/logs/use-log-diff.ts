"use client";

import { useQuery } from "@tanstack/react-query";
import { AppError } from "@/lib/errors";
import { keys } from "@/lib/query-keys";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import type { CompareAnswer, ComparedLog, CompareRequest } from "./compare-worker";
import type { LogDiff } from "./log-diff";

/** The last so many lines of each are compared: that is where a build fails. */
export const MOST_COMPARED = 40_000;
const DEADLINE_MS = 30_000;

type Compared = Pick<SnapshotWire, "id" | "log">;

/** The lines of a log that are compared. */
export function comparedOf({ id, log }: Compared): ComparedLog {
  const from = Math.max(1, log.lines - MOST_COMPARED + 1, (log.cut?.to ?? 0) + 1);
  return { snapshotId: id, from, to: log.lines };
}

function compare(request: CompareRequest, signal: AbortSignal): Promise<LogDiff> {
  const { promise, resolve, reject } = Promise.withResolvers<LogDiff>();
  const worker = new Worker(new URL("./compare-worker.ts", import.meta.url), { type: "module" });
  const fail = (message: string) => reject(new AppError(500, "not_compared", message));
  const timer = setTimeout(() => fail("It took too long. Try again, or read the raw logs."), DEADLINE_MS);
  signal.addEventListener("abort", () => fail("Nobody waits for it any more."));
  worker.addEventListener("message", ({ data }: MessageEvent<CompareAnswer>) => {
    if (data.ok) resolve(data.diff);
    else fail(`The logs could not be loaded: ${data.message}`);
  });
  worker.addEventListener("error", () => fail("The logs could not be compared. Reload the page."));
  worker.postMessage(request);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.terminate();
  });
}

/** @param before null while there is nothing to compare with */
export function useLogDiff(before: Compared | null, after: Compared) {
  return useQuery({
    queryKey: [...keys.snapshots, "log-diff", before?.id, before?.log.lines, after.id, after.log.lines],
    queryFn: ({ signal }) => {
      if (!before) throw new Error("nothing to compare with");
      return compare({ before: comparedOf(before), after: comparedOf(after) }, signal);
    },
    enabled: before !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
