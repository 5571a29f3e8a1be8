/** Running a container while reading all that it says. */
import type { OutputChunk } from "../types";
import type { Client } from "./client";
import { start } from "./containers";
import { openStream } from "./deadline";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";

/**
 * Attaches, then starts, in this order: what a container says before somebody listens isn't sent again. The
 * engine answers the attachment an instant before it is really in place, and a start takes 100 times longer.
 * Leaving the loop, an abort (which throws the signal's reason) and every failure destroy the connection.
 */
export async function* startAttached(
  client: Client,
  container: string,
  signal: AbortSignal,
  {
    input,
    whenStarted,
  }: { input?: string | undefined; whenStarted?: (() => Promise<void>) | undefined } = {},
): AsyncGenerator<OutputChunk, void, void> {
  const stdin = input !== undefined;
  const query = { stream: true, stdin, stdout: true, stderr: true };
  let socket: NodeJS.WritableStream | undefined;
  const opened = await openStream(
    "attach",
    client.deadlines.quick,
    async (abortSignal) => {
      const attached = await client.docker
        .getContainer(container)
        .attach({ ...{ _query: query, _body: {} }, hijack: stdin, abortSignal });
      socket = attached;
      return attached;
    },
    signal,
  );
  try {
    await start(client, container, signal);
    if (stdin) socket?.end(input);
    await whenStarted?.();
    yield* demultiplex(opened.stream);
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? signal.reason : toEngineError(error);
  } finally {
    opened.close();
  }
}
