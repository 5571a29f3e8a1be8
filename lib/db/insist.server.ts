/**
 * F14: a write is repeated while the database is away, so that a restart of it costs nothing. Only what is
 * safe to repeat may be given here: the answer of the first try may be what was lost.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "@/lib/log.server";
import { isDatabaseAway } from "./away.server";

const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 2_000;
const GIVE_UP_MS = 180_000;

/** @param signal ends the waiting with its reason. @throws what `write` throws when the database did answer, or stayed away for minutes. */
export async function insist<T>(write: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, MOST_WAIT_MS)) {
    try {
      return await write();
    } catch (error) {
      if (!(isDatabaseAway(error) || isPlain(error)) || Date.now() > giveUpAt) throw error;
      log.warn({ err: error, retryInMs: wait }, "the database is away; trying again");
    }
    await sleep(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** The driver's words about a connection that broke are many, and plain errors; a mistake in our code never is one. */
const isPlain = (error: unknown) =>
  error instanceof Error && Object.getPrototypeOf(error) === Error.prototype;
