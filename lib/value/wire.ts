/** What a profile's snapshots are worth, as it crosses to the browser and the API. */
import { z } from "zod";

/** So many days back. */
export const VALUE_DAYS = 30;

export const valueSchema = z.object({
  /** Sessions that came to run within the last 30 days. */
  starts: z.number().int(),
  /** From the request to the running sandbox, in milliseconds; null without a start. */
  startMs: z.object({ median: z.number(), p95: z.number() }).nullable(),
  /** What the setup of their versions takes without a snapshot, on average; null while no build tells. */
  setupMs: z.number().nullable(),
  /** Setup time less start time, of all these starts together, in milliseconds. */
  savedMs: z.number(),
  /** Images of its ready snapshots. What they share is counted in each. */
  images: z.object({ count: z.number().int(), bytes: z.number() }),
});
export type ValueWire = z.infer<typeof valueSchema>;
