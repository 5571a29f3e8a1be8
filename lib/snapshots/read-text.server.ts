/** A log's text as bytes: for a search, which reads all of it and wants neither times nor steps. */
import { heardLater } from "@/lib/heard-later";
import { textOfChunk } from "@/lib/logs/chunk-text";
import { cursorAtLine, readStored } from "./stored-log.server";

const LF = 10;
/** Two megabytes of text at once. */
const PARTS_AT_ONCE = 8;

/** Yields the text of the lines after `after` that are there now, up to where lines are missing. */
export async function* readText(
  snapshotId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let next = after + 1;
  // The database reads the next pieces while these are on their way.
  let reading = readStored(snapshotId, await cursorAtLine(snapshotId, after), PARTS_AT_ONCE);
  while (!signal.aborted) {
    const chunks = await reading;
    const last = chunks.at(-1);
    if (!last) return;
    // Whoever leaves meanwhile doesn't wait for it; the next turn does.
    reading = heardLater(readStored(snapshotId, last.seq, PARTS_AT_ONCE));
    const pieces: Uint8Array[] = [];
    let isWhole = true;
    for (const chunk of chunks) {
      if (chunk.firstLine + chunk.lineCount <= next) continue;
      isWhole = chunk.firstLine <= next;
      if (!isWhole) break;
      const text = textOfChunk(chunk);
      let from = 0;
      for (let skip = next - chunk.firstLine; skip > 0; skip -= 1) from = text.indexOf(LF, from) + 1;
      pieces.push(text.subarray(from));
      next = chunk.firstLine + chunk.lineCount;
    }
    // Many small pieces would each be a turn of the stream.
    if (pieces.length > 0) yield Buffer.concat(pieces);
    if (!isWhole) return;
  }
}
