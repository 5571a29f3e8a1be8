/** A profile's pool of sandboxes that are started ahead, as it crosses to the browser and the API. */
import { z } from "zod";

/** More would be a host of its own. */
export const MOST_WARM = 20;

/** How many sandboxes a profile keeps started ahead. */
export const poolSize = z
  .int("Give a whole number.")
  .min(0, "Give 0 for none, or a number up to 20.")
  .max(MOST_WARM, `Keep at most ${MOST_WARM}.`);

export const poolSchema = z.object({
  /** How many its profile wants. */
  size: z.number().int(),
  /** How many a session can take now. */
  ready: z.number().int(),
  starting: z.number().int(),
  /** What they are started from: what a session of the newest usable version starts from. Null while there is none. */
  snapshot: z.object({ id: z.uuid(), number: z.number().int(), version: z.number().int() }).nullable(),
  /** Of those that wait together, as a worker measured them last, also when none can be taken just now; null before the first time. */
  use: z.object({ memoryBytes: z.number(), cpus: z.number(), measuredAt: z.iso.datetime() }).nullable(),
  /** What one of them may use at most. */
  limits: z.object({ memoryMb: z.number(), cpus: z.number() }).nullable(),
  /** Why there aren't as many as wanted, when it isn't only a moment's matter. */
  note: z.string().nullable(),
  /** When a start that failed, which the note tells of, is tried again. */
  retryAt: z.iso.datetime().nullable(),
});
export type PoolWire = z.infer<typeof poolSchema>;
