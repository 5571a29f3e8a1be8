/** Running a container while reading all that it says. */
import type { Beginning, ContainerPlan, OutputChunk, WaitingContainer } from "../types";
import { type Attachment, openAttachment } from "./attachment";
import type { Client } from "./client";
import { start } from "./containers";
import { createContainer } from "./create";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";
import { removeContainer } from "./remove";

/**
 * Attaches, then starts, in this order: what a container says before somebody listens isn't sent again. The
 * engine answers the attachment an instant before it is really in place, and a start takes 100 times longer.
 * Leaving the loop, an abort (which throws the signal's reason) and every failure destroy the connection.
 */
export async function* startAttached(
  client: Client,
  container: string,
  signal: AbortSignal,
  { input, whenStarted }: Beginning = {},
): AsyncGenerator<OutputChunk, void, void> {
  const attached = await openAttachment(client, container, { stdin: input !== undefined }, signal);
  try {
    await start(client, container, signal);
  } catch (error) {
    attached.close();
    throw signal.aborted ? signal.reason : toEngineError(error);
  }
  yield* begin(attached, signal, { input, whenStarted });
}

/**
 * Makes one and starts it: its command waits for its input, as long as the connection lasts. So one whose worker is
 * lost ends by itself.
 */
export async function startWaiting(client: Client, plan: ContainerPlan): Promise<WaitingContainer> {
  const id = await createContainer(client, { ...plan, takesInput: true });
  const over = new AbortController();
  try {
    const attached = await openAttachment(client, id, { stdin: true }, over.signal);
    await start(client, id, over.signal);
    return {
      id,
      begin: (signal, beginning) => {
        const end = () => over.abort(signal.reason);
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
        return begin(attached, signal, beginning);
      },
    };
  } catch (error) {
    over.abort();
    await removeContainer(client, id);
    throw error;
  }
}

async function* begin(
  attached: Attachment,
  signal: AbortSignal,
  { input, whenStarted }: Beginning,
): AsyncGenerator<OutputChunk, void, void> {
  try {
    if (input !== undefined) attached.input.end(input);
    await whenStarted?.();
    yield* demultiplex(attached.pieces);
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? signal.reason : toEngineError(error);
  } finally {
    attached.close();
  }
}
