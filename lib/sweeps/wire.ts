/** What a sweep would remove, or did, as it crosses to the browser and the API. */
import { z } from "zod";

export const sweepInputSchema = z.strictObject({ dryRun: z.boolean().default(false) });

export const sweepItemSchema = z.object({
  kind: z.enum(["container", "image", "volume"]),
  id: z.string(),
  name: z.string(),
  /** Why nobody needs it. */
  reason: z.string(),
  /** What only this one holds, so what its removal gives back; null when the engine doesn't say. */
  exclusiveBytes: z.number().nullable(),
  outcome: z.enum(["would_remove", "removed", "kept"]),
  /** Why it stays after all. */
  note: z.string().nullable(),
});
export type SweepItem = z.infer<typeof sweepItemSchema>;

export const hostSweepSchema = z.object({
  host: z.string(),
  items: z.array(sweepItemSchema),
  exclusiveBytes: z.number(),
  /** Why nothing was looked at. */
  error: z.string().nullable(),
});
export type HostSweep = z.infer<typeof hostSweepSchema>;

export const sweepAnswerSchema = z.object({ dryRun: z.boolean(), hosts: z.array(hostSweepSchema) });
export type SweepAnswer = z.infer<typeof sweepAnswerSchema>;
