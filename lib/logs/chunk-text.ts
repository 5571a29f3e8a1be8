/** A chunk's text and nothing else, for whoever wants all of a log at once: bytes in, bytes out. */
import { decodeLines, plainData, type StoredChunk } from "./chunk";

const LF = 10;

/** Its lines as UTF-8, each ended by a line feed. */
export function textOfChunk(chunk: StoredChunk): Uint8Array<ArrayBuffer> {
  const data = plainData(chunk.data);
  // Earlier releases kept a row a line, which begins with a small letter.
  if ((data[0] ?? 0) >= 0x61)
    return new TextEncoder().encode(
      decodeLines({ ...chunk, data })
        .map(({ text }) => `${text}\n`)
        .join(""),
    );
  const whole = new Uint8Array(data.length);
  let length = 0;
  for (let from = 0; from < data.length; ) {
    const headEnd = data.indexOf(LF, from);
    if (headEnd < 0) break;
    const heading = String.fromCharCode(...data.subarray(from, headEnd));
    let left = Number(heading.slice(heading.indexOf(" ") + 1));
    let end = headEnd + 1;
    for (; left > 0; left -= 1) end = data.indexOf(LF, end) + 1;
    whole.set(data.subarray(headEnd + 1, end), length);
    length += end - headEnd - 1;
    from = end;
  }
  return whole.subarray(0, length);
}
