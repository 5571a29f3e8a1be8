/** A second opinion on whether something in a container was killed for memory. */
import type { Client } from "./client";
import { openStream, withDeadline } from "./deadline";
import { completeLines } from "./lines";

/** How long after the exit the kernel's word may arrive. Seen under load: some ten milliseconds. */
const GRACE_SECONDS = 0.15;
/** How far back to look; what came much earlier has set the container's own flag. */
const BEFORE_SECONDS = 10;

/**
 * Did the engine report that a container which has exited ran out of memory? An engine of version 20 keeps in
 * the container's flag only what it knew at the exit, and about one in 300 such reports comes just after it,
 * when a script ends because of the kill. The event is sent all the same. All times are the engine's own; it
 * answers when the grace is over.
 */
export async function reportedOutOfMemory(
  client: Client,
  container: { id: string; finishedAt: string },
  signal?: AbortSignal,
): Promise<boolean> {
  const finished = Date.parse(container.finishedAt) / 1000;
  if (Number.isNaN(finished) || finished <= 0) return false;
  const since = finished - BEFORE_SECONDS;
  const until = finished + GRACE_SECONDS;
  const filters = { event: ["oom"], container: [container.id] };
  const deadline = client.deadlines.quick;
  const { stream, close } = await openStream(
    "events",
    deadline,
    (abortSignal) => client.docker.getEvents({ since, until, filters, abortSignal }),
    signal,
  );
  const firstLine = async () => (await completeLines(stream).next()).done !== true;
  try {
    return await withDeadline("events", deadline, firstLine, signal);
  } finally {
    close();
  }
}
