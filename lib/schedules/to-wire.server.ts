/** Schedules and their runs as they cross the wire. */
import type { Prisma } from "@/lib/db/client.server";
import { dueAfter } from "./cron";
import { outcomeSchema, type ScheduleRunWire, type ScheduleWire } from "./wire";
import { wordsOf } from "./words";

const NEXT_RUNS = 5;

export type ScheduleRow = Prisma.ScheduleGetPayload<object>;
export const runInclude = {
  snapshot: { select: { id: true, number: true, status: true } },
} satisfies Prisma.ScheduleRunInclude;

/** @param later the schedule that the profile's next version gets */
export function toScheduleWire(
  row: ScheduleRow,
  later: { scheduleCron: string | null; scheduleTimezone: string | null },
): ScheduleWire {
  const { cron, timezone, enabled, pausedReason } = row;
  const rests = !enabled || pausedReason !== null;
  return {
    ...{ cron, timezone, enabled, pausedReason, words: wordsOf(cron) },
    nextRuns: rests ? [] : dueAfter({ cron, timezone }, new Date(), NEXT_RUNS).map((at) => at.toISOString()),
    forLaterVersions: later.scheduleCron === cron && later.scheduleTimezone === timezone,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
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
