/** A piece of a log as the event stream brings it. Its number, the cursor, is the event's id. */
import { z } from "zod";
import { logLineSchema } from "@/lib/snapshots/wire";

export const logFrameSchema = z.object({
  attempt: z.number().int(),
  firstLine: z.number().int().min(1),
  lines: z.array(logLineSchema),
});

export interface LogChunk extends z.infer<typeof logFrameSchema> {
  seq: number;
}
