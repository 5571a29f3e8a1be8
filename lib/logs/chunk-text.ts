/** A chunk's text and nothing else, for whoever wants all of a log at once: bytes in, bytes out. */
import { decodeLines, plainData, type StoredChunk } from "./chunk";

const LF = 10;

/** Its lines as UTF-8, each ended by a line feed. */
export function textOfChunk(chunk: StoredChunk & { lineCount: number }): Uint8Array {
  const data = plainData(chunk.data);
  // Earlier releases kept a row a line, which begins with a small letter.
  if ((data[0] ?? 0) >= 0x61)
    return new TextEncoder().encode(
      decodeLines({ ...chunk, data })
        .map(({ text }) => `${text}\n`)
        .join(""),
    );
  const pieces: Uint8Array[] = [];
  let left = chunk.lineCount;
  for (let from = 0; left > 0; ) {
    const headEnd = data.indexOf(LF, from);
    if (headEnd < 0) break;
    const heading = String.fromCharCode(...data.subarray(from, headEnd));
    const count = Number(heading.slice(heading.indexOf(" ") + 1));
    left -= count;
    // The last run goes to the end; only those before it are counted through.
    from = left <= 0 ? data.length : endOfLines(data, headEnd + 1, count);
    pieces.push(data.subarray(headEnd + 1, from));
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

function endOfLines(data: Uint8Array, from: number, count: number): number {
  let end = from;
  for (let line = 0; line < count; line += 1) end = data.indexOf(LF, end) + 1;
  return end;
}
