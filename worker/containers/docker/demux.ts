/**
 * The engine sends standard output and error over one connection, in frames: one byte of kind, three of
 * nothing, four of length, then that many bytes. dockerode's own reader for this ignores back-pressure; an
 * async generator can't.
 */
import { EngineError, type OutputChunk } from "../types";

const HEADER_BYTES = 8;

/**
 * Yields the frames' content as it arrives, in arrival order: what one read brings of a stream in one piece, for an
 * engine makes a frame of every line that is written by itself; a large frame in parts. Without a copy: what is read
 * is changed in its place. Reads on only when the consumer asks for more.
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
    // What is yielded next lies between these two. Frames of one stream are moved together over their headers.
    let from = 0;
    let end = 0;
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const length = Math.min(left, chunk.length - at);
        if (at !== end) chunk.copyWithin(end, at, at + length);
        end += length;
        left -= length;
        at += length;
        continue;
      }
      const part = chunk.subarray(at, at + HEADER_BYTES - filled);
      header.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < HEADER_BYTES) continue;
      filled = 0;
      const next = streamOf(header);
      if (next !== stream && end > from) yield { stream, data: chunk.subarray(from, end) };
      if (next !== stream || end === from) {
        from = at;
        end = at;
      }
      stream = next;
      left = new DataView(header.buffer).getUint32(4);
    }
    if (end > from) yield { stream, data: chunk.subarray(from, end) };
  }
  if (left > 0 || filled > 0)
    throw new EngineError("unavailable", "The container's output was cut off in the middle.");
}

/** 0 is the echo of standard input, 1 output, 2 error, 3 the engine's own complaint. */
function streamOf(header: Uint8Array): OutputChunk["stream"] {
  const [kind = 255, ...reserved] = header.subarray(0, 4);
  if (kind > 3 || reserved.some((byte) => byte !== 0))
    throw new EngineError("failed", "The container's output isn't in the engine's frame format.");
  return kind >= 2 ? "stderr" : "stdout";
}
