/**
 * A body of an answer that goes on for long, pulled piece by piece: the reader's pace is the database's, and an answer of
 * any size takes no memory.
 */
import type { OpenStream } from "./streams.server";

/** Closes the stream in any case: at its end, after an error, and when nobody reads it any more. */
export function pulledBody<Piece>(
  open: OpenStream,
  pieces: AsyncGenerator<Piece, void, void>,
  write: (piece: Piece) => Uint8Array,
): ReadableStream<Uint8Array> {
  open.signal.addEventListener("abort", open.close, { once: true });
  return new ReadableStream<Uint8Array>(
    {
      async pull(sink) {
        try {
          const next = await pieces.next();
          // Cut off, and not ended: whoever saves it has to see that it isn't whole.
          open.signal.throwIfAborted();
          if (!next.done) return sink.enqueue(write(next.value));
          sink.close();
          open.close();
        } catch (error) {
          open.close();
          sink.error(error);
        }
      },
      async cancel() {
        open.close();
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}
