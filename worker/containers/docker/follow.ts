/** Reading again what a container has said since its start, and on until its end. */
import type { OutputChunk } from "../types";
import type { Client } from "./client";
import { openStream } from "./deadline";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";

/**
 * From the engine's own bounded copy, so nothing of the container waits for the reader. What is written without a line
 * end comes when its line ends, and the very last line gets an end. An abort throws the signal's reason.
 */
export async function* followOutput(
  client: Client,
  container: string,
  signal: AbortSignal,
  { lastLines, whenOpen }: { lastLines?: number; whenOpen?: () => void } = {},
): AsyncGenerator<OutputChunk, void, void> {
  const opened = await openStream(
    "logs",
    client.deadlines.quick,
    (abortSignal) =>
      client.docker.getContainer(container).logs({
        ...{ follow: true, stdout: true, stderr: true, abortSignal },
        ...(lastLines === undefined ? {} : { tail: lastLines }),
      }),
    signal,
  );
  try {
    whenOpen?.();
    yield* demultiplex(opened.stream);
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? signal.reason : toEngineError(error);
  } finally {
    opened.close();
  }
}
