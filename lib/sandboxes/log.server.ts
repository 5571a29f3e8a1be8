/** Follows the log of a session's container: what its main process, and whatever writes to that one's output, prints. */
import { askWorker } from "./question.server";
import { type LogPiece, logPieceSchema } from "./wire";

/**
 * @returns once a worker answers; its pieces are pulled, and end when the container does, or the signal aborts.
 * @throws AppError 404; 409 `not_running`; 503 when no worker, or its engine, answers.
 */
export async function followContainerLog(
  sessionId: string,
  signal: AbortSignal,
): Promise<AsyncGenerator<LogPiece, void, void>> {
  const { body } = await askWorker("log", sessionId, signal);
  return piecesOf(body ?? new ReadableStream<Uint8Array>(), signal);
}

async function* piecesOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<LogPiece, void, void> {
  const decoder = new TextDecoder();
  let held = "";
  try {
    for await (const bytes of body) {
      const lines = (held + decoder.decode(bytes, { stream: true })).split("\n");
      held = lines.pop() ?? "";
      for (const line of lines) yield logPieceSchema.parse(JSON.parse(line));
    }
  } catch (error) {
    // Whoever read it has left, or the worker has: it is asked for again.
    if (!signal.aborted && !(error instanceof TypeError)) throw error;
  }
}
