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
  /** What it starts next, and when that will be ready, if it is known how long it takes; null when it starts nothing. */
  next: z
    .object({
      startsAt: z.iso.datetime(),
      readyAt: z.iso.datetime().nullable(),
      /** It is put off by this blackout, in words. */
      blackout: z.string().nullable(),
    })
    .nullable(),
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

/** A time in which no refresh starts by itself. One that ends at or before its beginning ends on the next day. */
export const blackoutWindowSchema = z.strictObject({
  /** On which it begins; Monday is 1. */
  days: z.array(z.int().min(1).max(7)).min(1, "Choose at least one day.").max(7),
  from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a time as HH:MM, such as 08:00."),
  to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Give a time as HH:MM, such as 18:00."),
  timezone: z.string(),
  reason: storable(z.string().trim().max(100, "Use at most 100 characters.")).default(""),
});
export type BlackoutWindow = z.infer<typeof blackoutWindowSchema>;

export const MAX_BLACKOUTS = 20;

export const blackoutsSchema = z.object({
  windows: z.array(blackoutWindowSchema),
  /** The one that holds now. */
  now: z.object({ until: z.iso.datetime(), reason: z.string(), timezone: z.string() }).nullable(),
});
export type BlackoutsWire = z.infer<typeof blackoutsSchema>;

export const calendarSchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Builds that the workers take at once. */
  slots: z.int(),
  hours: z.array(
    z.object({
      at: z.iso.datetime(),
      /** Refreshes that begin in it. */
      runs: z.int(),
      /** How much of all places is taken, from 0 to 1. */
      busy: z.number(),
      /** Of the blackout that holds in a part of it, at least. */
      blackout: z.string().nullable(),
    }),
  ),
  runs: z.array(
    z.object({
      dueAt: z.iso.datetime(),
      /** When its build is expected to begin. */
      startsAt: z.iso.datetime(),
      profile: z.object({ slug: z.string(), name: z.string() }),
      version: z.int(),
      /** Null when nothing is known of how long it takes. */
      readyAt: z.iso.datetime().nullable(),
      /** It was put off by this one, in words. */
      blackout: z.string().nullable(),
    }),
  ),
  leftOut: z.object({
    /** Refreshes that are counted, but not listed. */
    runs: z.int(),
    /** Schedules that aren't counted. */
    schedules: z.int(),
    /** Nothing is counted from then on; null when all is. */
    from: z.iso.datetime().nullable(),
  }),
});
export type CalendarWire = z.infer<typeof calendarSchema>;
