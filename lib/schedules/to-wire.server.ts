/** Schedules and their runs as they cross the wire. */

import type { Prisma } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { blackoutAt } from "./blackout";
import { holdsWords } from "./blackout-words";
import { dueAfter } from "./cron";
import type { Outlook } from "./outlook.server";
import { spreadOf } from "./policy";
import { outcomeSchema, type ScheduleRunWire, type ScheduleWire } from "./wire";
import { wordsOf } from "./words";

const NEXT_RUNS = 5;

export type ScheduleRow = Prisma.ScheduleGetPayload<object>;
export const runInclude = {
  snapshot: { select: { id: true, number: true, status: true } },
} satisfies Prisma.ScheduleRunInclude;

/**
 * @param later the schedule that the profile's next version gets
 * @param outlook what is known of what comes
 */
export function toScheduleWire(
  row: ScheduleRow,
  later: { scheduleCron: string | null; scheduleTimezone: string | null },
  outlook: Outlook,
): ScheduleWire {
  const { cron, timezone, enabled, pausedReason } = row;
  const rests = !enabled || pausedReason !== null;
  return {
    ...{ cron, timezone, enabled, pausedReason, words: wordsOf(cron) },
    nextRuns: rests
      ? []
      : dueAfter({ cron, timezone }, databaseTime(), NEXT_RUNS).map((at) => at.toISOString()),
    next: rests ? null : nextOf(row, outlook),
    forLaterVersions: later.scheduleCron === cron && later.scheduleTimezone === timezone,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
  };
}

/** Seconds apart aren't told: a schedule of three o'clock starts at three. */
function nextOf({ versionId, dueAt }: ScheduleRow, outlook: Outlook): ScheduleWire["next"] {
  const estimate = outlook.estimates.get(versionId);
  if (!dueAt || estimate?.rests) return null;
  const { windows, now } = outlook.blackouts;
  const looked = new Date(Math.max(dueAt.getTime() + spreadOf(versionId), now.getTime()));
  const held = blackoutAt(windows, looked);
  const startsAt = held?.until ?? dueAt;
  const seconds = estimate?.seconds ?? null;
  const readyAt = seconds === null ? null : new Date(startsAt.getTime() + seconds * 1_000).toISOString();
  return {
    startsAt: startsAt.toISOString(),
    readyAt,
    blackout: held ? holdsWords(held, looked) : null,
  };
}

export function toRunWire(
  row: Prisma.ScheduleRunGetPayload<{ include: typeof runInclude }>,
): ScheduleRunWire {
  return {
    dueAt: row.dueAt.toISOString(),
    at: row.at.toISOString(),
    outcome: outcomeSchema.parse(row.outcome),
    reason: row.reason,
    snapshot: row.snapshot,
  };
}
