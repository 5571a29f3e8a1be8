/** The shape of a log, without its lines: what a reader needs to find a way in one of a million lines. */
import { z } from "zod";
import { logCutSchema } from "@/lib/snapshots/wire";
import { markSchema } from "./marks";

/** Consecutive lines of one step of one attempt. */
export const sectionSchema = z.object({
  attempt: z.number().int(),
  step: z.string(),
  /** Numbers of its first and its last line. */
  from: z.number().int(),
  to: z.number().int(),
});
export type OutlineSection = z.infer<typeof sectionSchema>;

/** What is kept of a log whose chunks are packed. */
export const outlineContentSchema = z.object({
  /** The number of the last chunk: the cursor of a stream that goes on from here. */
  seq: z.number().int(),
  sections: z.array(sectionSchema),
  /** At most `MAX_OUTLINE_MARKS`, in order. */
  marks: z.array(markSchema),
});
export type OutlineContent = z.infer<typeof outlineContentSchema>;

export const MAX_OUTLINE_MARKS = 3_000;

export const outlineSchema = outlineContentSchema.extend({
  /** The number of the last line. */
  lines: z.number().int(),
  /** There won't be more. */
  complete: z.boolean(),
  cut: logCutSchema.nullable(),
});
export type Outline = z.infer<typeof outlineSchema>;
