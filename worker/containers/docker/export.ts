/** A container's file system as one tar, also of a container that was never started. */
import { EngineError } from "../types";
import type { Client } from "./client";
import { openStream } from "./deadline";
import { toEngineError } from "./errors";
import { idleGuard } from "./idle";

/** A tar ends with this many zero bytes; one that the engine's death ended doesn't. */
const TRAILER = 1024;

/**
 * Yields the tar's bytes; volumes are not in it. The consumer's pace is the engine's. Leaving the loop, an abort
 * (which throws the signal's reason) and every failure destroy the connection.
 */
export function exportContainer(client: Client, container: string, signal: AbortSignal) {
  return wholeTar(client, signal, (abortSignal) =>
    client.docker.getContainer(container).export({ abortSignal }),
  );
}

/** The same of one folder, which is in the tar under its name; volumes that are mounted there are in it. */
export function exportFolder(client: Client, container: string, path: string, signal: AbortSignal) {
  return wholeTar(client, signal, (abortSignal) =>
    client.docker.getContainer(container).getArchive({ path, abortSignal }),
  );
}

async function* wholeTar(
  client: Client,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>,
): AsyncGenerator<Uint8Array, void, void> {
  const opened = await openStream("export container", client.deadlines.slow, open, signal);
  const idle = idleGuard("export container", opened, client.deadlines.slow);
  try {
    let end: Uint8Array = new Uint8Array();
    for await (const data of opened.stream) {
      idle.pause();
      if (!(data instanceof Uint8Array))
        throw new EngineError("failed", "The engine's copy of the container can't be read.");
      end = data.length >= TRAILER ? data.slice(-TRAILER) : Buffer.concat([end, data]).subarray(-TRAILER);
      yield data;
      idle.resume();
    }
    signal.throwIfAborted();
    idle.throwIfOver();
    if (end.length < TRAILER || end.some((byte) => byte !== 0))
      throw new EngineError("unavailable", "The engine's copy of the container was cut off.");
  } catch (error) {
    signal.throwIfAborted();
    idle.throwIfOver();
    throw toEngineError(error);
  } finally {
    idle.pause();
    opened.close();
  }
}
