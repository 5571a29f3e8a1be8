import { CalendarClock, CirclePause } from "lucide-react";
import { ClockTime } from "@/components/time/clock-time";
import { DayTime } from "@/components/time/day-time";
import { RelativeTime } from "@/components/time/relative-time";
import type { ScheduleWire } from "@/lib/schedules/wire";

/** A version's schedule in one line: when, and when next, or why it rests. Nothing when there is none. */
export function ScheduleLine({ schedule }: { schedule: ScheduleWire | null }) {
  if (!schedule) return null;
  const { words, timezone, enabled, pausedReason, next } = schedule;
  const rests = !enabled || pausedReason !== null;
  const Icon = rests ? CirclePause : CalendarClock;
  return (
    <p className="flex items-start gap-1.5">
      <Icon className="mt-px size-3.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0 wrap-anywhere">
        {pausedReason ? (
          <span className="text-ink">Its schedule stopped by itself. {pausedReason}</span>
        ) : null}
        {enabled || pausedReason ? null : <span className="text-ink">Its schedule is switched off. </span>}
        {pausedReason ? null : `Refreshed ${lower(words)} (${timezone})`}
        {next ? <Next next={next} /> : null}
      </span>
    </p>
  );
}

function Next({ next: { startsAt, readyAt, blackout } }: { next: NonNullable<ScheduleWire["next"]> }) {
  return (
    <>
      {", next "}
      <RelativeTime at={startsAt} />
      {": "}
      <DayTime at={startsAt} />
      {readyAt ? (
        <>
          {", ready about "}
          <ClockTime at={readyAt} />
        </>
      ) : null}
      {blackout ? `. ${blackout}` : null}
    </>
  );
}

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
