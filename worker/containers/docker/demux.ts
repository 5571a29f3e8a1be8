/**
 * The engine sends standard output and error over one connection, in frames: one byte of kind, three of
 * nothing, four of length, then that many bytes. dockerode's own reader for this ignores back-pressure; an
 * async generator can't.
 */
import { EngineError, type OutputChunk } from "../types";

const HEADER_BYTES = 8;

/**
 * Yields the frames' content as it arrives, in arrival order: what one read brings of a stream in one piece, for an
 * engine makes a frame of every line that is written by itself; a large frame in parts. Reads on only when the
 * consumer asks for more.
 * @throws EngineError when the bytes are no frames, or end within one.
 */
export async function* demultiplex(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<OutputChunk, void, void> {
  const header = new Uint8Array(HEADER_BYTES);
  let filled = 0;
  let left = 0;
  let stream: OutputChunk["stream"] = "stdout";
  for await (const chunk of source) {
    let pieces: Uint8Array[] = [];
    let piecesOf: OutputChunk["stream"] = stream;
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const data = chunk.subarray(at, at + left);
        left -= data.length;
        at += data.length;
        if (piecesOf !== stream && pieces.length > 0) {
          yield { stream: piecesOf, data: joined(pieces) };
          pieces = [];
        }
        piecesOf = stream;
        pieces.push(data);
        continue;
      }
      const part = chunk.subarray(at, at + HEADER_BYTES - filled);
      header.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < HEADER_BYTES) continue;
      filled = 0;
      stream = streamOf(header);
      left = new DataView(header.buffer).getUint32(4);
    }
    if (pieces.length > 0) yield { stream: piecesOf, data: joined(pieces) };
  }
  if (left > 0 || filled > 0)
    throw new EngineError("unavailable", "The container's output was cut off in the middle.");
}

/** Without a copy where there is only one. */
const joined = (pieces: Uint8Array[]) =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);

/** 0 is the echo of standard input, 1 output, 2 error, 3 the engine's own complaint. */
function streamOf(header: Uint8Array): OutputChunk["stream"] {
  const [kind = 255, ...reserved] = header.subarray(0, 4);
  if (kind > 3 || reserved.some((byte) => byte !== 0))
    throw new EngineError("failed", "The container's output isn't in the engine's frame format.");
  return kind >= 2 ? "stderr" : "stdout";
}
