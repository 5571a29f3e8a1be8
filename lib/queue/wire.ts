/** The queue as it crosses to the browser and the API. */
import { z } from "zod";
import { backgroundSchema } from "@/lib/schedules/wire";
import { snapshotSchema } from "@/lib/snapshots/wire";

/** Put before all others, what a person waits for, and what nobody does. */
export const laneSchema = z.enum(["next", "people", "machines"]);
export type Lane = z.infer<typeof laneSchema>;

export const queueSchema = z.object({
  running: z.array(snapshotSchema),
  /** In the order in which they are taken. */
  waiting: z.array(z.object({ snapshot: snapshotSchema, lane: laneSchema })),
  /** How many wait, also when not all are listed. */
  total: z.int(),
  background: backgroundSchema,
});
export type QueueWire = z.infer<typeof queueSchema>;
