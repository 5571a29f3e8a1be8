/** A piece of a log as the event stream brings it. Its number, the cursor, is the event's id. */
import type { z } from "zod";
import type { logFrameSchema } from "@/lib/snapshots/wire";

export interface LogChunk extends z.infer<typeof logFrameSchema> {
  seq: number;
}
