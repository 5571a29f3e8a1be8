/** Was the engine there when a container ended? What is said while it is away is in no copy, and nothing else tells. */
import { z } from "zod";
import { understood } from "./answers";
import type { Client } from "./client";
import { openStream, withDeadline } from "./deadline";
import { isEngineError } from "./errors";
import { inspectContainer } from "./inspect";
import { completeLines } from "./lines";

/** So many events an engine remembers; while there are fewer, none has been forgotten since its start. */
const REMEMBERED = 256;
/** Between the end of a container and the event of it. */
const GRACE_SECONDS = 0.5;

const clock = z.object({ SystemTime: z.string() });
const event = z.object({ Action: z.string(), Actor: z.object({ ID: z.string() }) });

/**
 * An engine that saw it has told of it; one that was started later has forgotten nothing since, and never knew. All times
 * are the engine's own. @returns true as well when nobody can tell.
 */
export async function sawEnd(client: Client, container: string, signal: AbortSignal): Promise<boolean> {
  const { Id, State } = await inspectContainer(client, container, signal);
  const finished = Date.parse(State.FinishedAt) / 1000;
  const deadline = client.deadlines.quick;
  const info: unknown = await withDeadline("info", deadline, () => client.docker.info(), signal);
  const now = Date.parse(understood(clock, info, "info").SystemTime) / 1000;
  const until = Math.max(now, finished || now) + GRACE_SECONDS;
  try {
    const { stream, close } = await openStream(
      "events",
      deadline,
      (abortSignal) => client.docker.getEvents({ since: 1, until, abortSignal }),
      signal,
    );
    const look = async () => {
      let remembered = 0;
      for await (const line of completeLines(stream)) {
        const { Action, Actor } = understood(event, JSON.parse(line), "events");
        if (Actor.ID === Id && /^died?$/.test(Action)) return true;
        remembered += 1;
      }
      return remembered >= REMEMBERED;
    };
    try {
      return await withDeadline("events", deadline, look, signal);
    } finally {
      close();
    }
  } catch (error) {
    // An engine that keeps no events.
    if (isEngineError(error, "failed")) return true;
    throw error;
  }
}
