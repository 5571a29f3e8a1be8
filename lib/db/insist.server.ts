/**
 * F14: a write is repeated while the database is away, so that a restart of it costs nothing. Only what is
 * safe to repeat may be given here: the answer of the first try may be what was lost.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { log } from "@/lib/log.server";
import { Prisma } from "./client.server";

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
      if (!isDatabaseAway(error) || Date.now() > giveUpAt) throw error;
      log.warn({ err: error, retryInMs: wait }, "the database is away; trying again");
    }
    await sleep(wait, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** What the driver was told by the server, as Prisma hands it on. */
const answered = z.object({
  driverAdapterError: z.object({ cause: z.object({ code: z.string(), severity: z.string() }) }),
});

/** Connection, serialization and deadlock, resources, shut-down, system: the classes of SQLSTATE that pass. */
const PASSING = /^(08|40|53|57|58)/;
/** Not reachable, timed out, closed, no connection free, transaction expired, write conflict. */
const PASSING_CODES = ["P1001", "P1002", "P1008", "P1011", "P1017", "P2024", "P2028", "P2034"];

/** Didn't the statement get its answer, as opposed to a refusal? */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const server = answered.safeParse(error.meta);
    if (!server.success) return PASSING_CODES.includes(error.code);
    const { code, severity } = server.data.driverAdapterError.cause;
    return severity !== "ERROR" || PASSING.test(code);
  }
  if (
    error instanceof Prisma.PrismaClientUnknownRequestError ||
    error instanceof Prisma.PrismaClientInitializationError
  )
    return true;
  // The driver's own words about a connection that broke are plain errors; a mistake in our code never is.
  return error instanceof Error && Object.getPrototypeOf(error) === Error.prototype;
}
