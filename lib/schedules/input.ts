/** What a schedule may be. Apart from what crosses the wire: to check it takes a reader of expressions. */
import { z } from "zod";
import { storable } from "@/lib/text";
import { isTimezone, problemOf } from "./cron";
import { blackoutWindowSchema, MAX_BLACKOUTS } from "./wire";

export const cronSchema = storable(z.string().trim().max(100, "Use at most 100 characters.")).superRefine(
  (cron, context) => {
    const problem = problemOf(cron, new Date());
    if (problem) context.addIssue({ code: "custom", message: problem });
  },
);

export const timezoneSchema = storable(z.string().trim().max(64)).refine(
  isTimezone,
  "There is no such time zone. Give an IANA name, such as Europe/Berlin or UTC.",
);

export const scheduleInputSchema = z.strictObject({
  cron: cronSchema,
  timezone: timezoneSchema.default("UTC"),
  enabled: z.boolean().default(true),
  /** Do versions that are published later get the same? As it is when left out. */
  forLaterVersions: z.boolean().optional(),
});

/** Days in their order, each once: the same window is always written in the same way. */
export const blackoutInputSchema = blackoutWindowSchema.extend({
  days: blackoutWindowSchema.shape.days.transform((days) =>
    [...new Set(days)].toSorted((one, other) => one - other),
  ),
  timezone: timezoneSchema,
});

export const blackoutsInputSchema = z.strictObject({
  windows: z
    .array(blackoutInputSchema)
    .max(MAX_BLACKOUTS, `There can be at most ${MAX_BLACKOUTS} blackouts.`),
});

/** The zone whose days the calendar has. */
export const calendarQuerySchema = z.object({ timezone: timezoneSchema.default("UTC") });
