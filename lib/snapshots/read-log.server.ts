/** Reads a log by line numbers, chunk after chunk: constant memory for a log of any size. */
import { db } from "@/lib/db/client.server";
import { cursorAtLine, readChunks } from "./log-store.server";
import type { LogLine } from "./wire";

const CHUNKS_A_READ = 32;

export interface LineRange {
  /** Lines with greater numbers only. */
  after?: number | undefined;
  /** Lines with smaller numbers only. */
  before?: number | undefined;
  /** At most so many: the first after `after`; without it, the last before `before`. */
  limit?: number | undefined;
}

/** Yields the lines that are there now, in order, in batches. */
export async function* readLines(
  snapshotId: string,
  range: LineRange,
  signal: AbortSignal,
): AsyncGenerator<LogLine[], void, void> {
  const { lines: last } = await countLines(snapshotId);
  const end = Math.min(range.before ?? last + 1, last + 1);
  const after =
    range.after ??
    (range.before !== undefined && range.limit !== undefined ? Math.max(0, end - 1 - range.limit) : 0);
  const stop = range.limit === undefined ? end : Math.min(end, after + 1 + range.limit);
  let cursor = await cursorAtLine(snapshotId, after);
  while (!signal.aborted) {
    const frames = await readChunks(snapshotId, cursor, CHUNKS_A_READ);
    for (const frame of frames) {
      const lines = frame.lines.filter(({ line }) => line > after && line < stop);
      if (lines.length > 0) yield lines;
      cursor = frame.seq;
      if (frame.firstLine + frame.lines.length >= stop) return;
    }
    if (frames.length < CHUNKS_A_READ) return;
  }
}

async function countLines(snapshotId: string): Promise<{ lines: number }> {
  const row = await db().snapshot.findUniqueOrThrow({
    where: { id: snapshotId },
    select: { logLines: true },
  });
  return { lines: row.logLines };
}
