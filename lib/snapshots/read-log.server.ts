/** Reads a log by line numbers, chunk after chunk: constant memory for a log of any size. */

import { db } from "@/lib/db/client.server";
import { formatCount, formatSize } from "@/lib/format";
import { cutOf } from "./store.server";
import { cursorAtLine, readStored, toFrame } from "./stored-log.server";
import type { LogCut, LogLine } from "./wire";

export interface LineRange {
  /** Lines with greater numbers only. */
  after?: number | undefined;
  /** Lines with smaller numbers only. */
  before?: number | undefined;
  /** At most so many: the first after `after`; without it, the last before `before`. */
  limit?: number | undefined;
}

/**
 * Yields the lines that are there now, in order, in batches. Where the log was cut there is one line of Kiln's own
 * instead, which says so and has the number of the first one that is missing.
 */
export async function* readLines(
  snapshotId: string,
  range: LineRange,
  signal: AbortSignal,
): AsyncGenerator<LogLine[], void, void> {
  const last = await countLines(snapshotId);
  const end = Math.min(range.before ?? last + 1, last + 1);
  const after =
    range.after ??
    (range.before !== undefined && range.limit !== undefined ? Math.max(0, end - 1 - range.limit) : 0);
  const stop = range.limit === undefined ? end : Math.min(end, after + 1 + range.limit);
  let cursor = await cursorAtLine(snapshotId, after);
  while (!signal.aborted) {
    const chunks = await readStored(snapshotId, cursor);
    for (const chunk of chunks) {
      const { seq, firstLine } = chunk;
      const next = firstLine + chunk.lineCount;
      const gap = seq > cursor + 1 ? await gapBefore(snapshotId, firstLine) : null;
      cursor = seq;
      // A part holds a hundred pages of a list: only what is asked for is made into lines.
      if (next <= after + 1 && !gap) continue;
      const frame = toFrame(chunk);
      if (gap && gap.to > after && gap.from < stop)
        yield [gapLine(gap, Math.max(gap.from, after + 1), frame.lines[0])];
      const lines = frame.lines.filter(({ line }) => line > after && line < stop);
      if (lines.length > 0) yield lines;
      if (next >= stop) return;
    }
    if (chunks.length === 0) return;
  }
}

async function countLines(id: string): Promise<number> {
  return (await db().snapshot.findUniqueOrThrow({ where: { id }, select: { logLines: true } })).logLines;
}

/**
 * What is missing before this line. Asked only where the numbers of two chunks have a gap: what was cut out is noted
 * in the statement that deletes it.
 */
export async function gapBefore(id: string, line: number): Promise<LogCut | null> {
  const row = await db().snapshot.findUnique({
    where: { id },
    select: { logCutFrom: true, logCutTo: true, logTruncatedBytes: true },
  });
  const cut = row && cutOf(row);
  return cut && cut.from < line ? { ...cut, to: line - 1 } : null;
}

function gapLine(cut: LogCut, line: number, next: LogLine | undefined): LogLine {
  const lines = formatCount(cut.to - cut.from + 1, "line");
  return {
    line,
    step: next?.step ?? "kiln",
    stream: "system",
    at: next?.at ?? new Date(0).toISOString(),
    text: `──── ${lines} (${formatSize(cut.bytes)}) are missing here: the log is longer than Kiln keeps. ────`,
    cut,
  };
}
