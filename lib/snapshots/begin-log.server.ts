/** What a page has of a log from the start: its shape, and the lines that are seen first, so that nobody waits for them. */
import type { Outline } from "@/lib/logs/outline";
import { readOutline } from "./outline.server";
import { readLines } from "./read-log.server";
import { isActive } from "./state";
import type { LogLine, SnapshotWire } from "./wire";

const LINES = 120;
const MOST_CHARACTERS = 64 * 1024;

/** The end of a log that grows or that failed, else its beginning. */
export async function beginLog({
  id,
  status,
  failure,
}: SnapshotWire): Promise<{ outline: Outline; lines: LogLine[] }> {
  const outline = await readOutline(id);
  const isEnd = isActive(status) || failure !== null;
  const range = isEnd ? { before: outline.lines + 1, limit: LINES } : { after: 0, limit: LINES };
  const lines: LogLine[] = [];
  if (outline.lines > 0)
    for await (const batch of readLines(id, range, AbortSignal.timeout(5_000))) lines.push(...batch);
  const characters = lines.reduce((sum, { text }) => sum + text.length, 0);
  return { outline, lines: characters > MOST_CHARACTERS ? [] : lines };
}
