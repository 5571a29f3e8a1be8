/** Schedules as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";

export const scheduleSchema = z.object({
  cron: z.string(),
  timezone: z.string(),
  /** The expression as a sentence. */
  words: z.string(),
  enabled: z.boolean(),
  /** The next five times by the expression; none while it rests. */
  nextRuns: z.array(z.iso.datetime()),
  /** It stopped by itself, and why. */
  pausedReason: z.string().nullable(),
  forLaterVersions: z.boolean(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
});
export type ScheduleWire = z.infer<typeof scheduleSchema>;

export const outcomeSchema = z.enum(["ran", "joined", "skipped"]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** What became of one time that it was due. */
export const scheduleRunSchema = z.object({
  dueAt: z.iso.datetime(),
  at: z.iso.datetime(),
  outcome: outcomeSchema,
  reason: z.string(),
  snapshot: z.object({ id: z.uuid(), number: z.int(), status: z.string() }).nullable(),
});
export type ScheduleRunWire = z.infer<typeof scheduleRunSchema>;

export const listedScheduleSchema = scheduleSchema.extend({
  profile: z.object({ slug: z.string(), name: z.string() }),
  version: z.int(),
  lastRun: scheduleRunSchema.nullable(),
});
export type ListedScheduleWire = z.infer<typeof listedScheduleSchema>;

export const backgroundInputSchema = z.strictObject({
  paused: z.boolean(),
  reason: storable(z.string().trim().max(200, "Use at most 200 characters.")).default(""),
});

export const backgroundSchema = z.object({
  paused: z.boolean(),
  reason: z.string(),
  by: z.string().nullable(),
  since: z.iso.datetime().nullable(),
});
export type BackgroundWire = z.infer<typeof backgroundSchema>;
