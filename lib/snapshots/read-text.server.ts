/** A log's text as bytes: for a search, which reads all of it and wants neither times nor steps. */
import { textOfChunk } from "@/lib/logs/chunk-text";
import { cursorAtLine, readStored } from "./stored-log.server";

const LF = 10;

/** Yields the text of the lines after `after` that are there now, up to where lines are missing. */
export async function* readText(
  snapshotId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let next = after + 1;
  let cursor = await cursorAtLine(snapshotId, after);
  while (!signal.aborted) {
    const chunks = await readStored(snapshotId, cursor);
    if (chunks.length === 0) return;
    const pieces: Uint8Array[] = [];
    let isWhole = true;
    for (const chunk of chunks) {
      cursor = chunk.seq;
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
    if (pieces.length > 0) yield new Uint8Array(Buffer.concat(pieces));
    if (!isWhole) return;
  }
}
