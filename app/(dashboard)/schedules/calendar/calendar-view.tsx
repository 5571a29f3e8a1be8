"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState, useSyncExternalStore } from "react";
import { CalendarGrid } from "@/components/schedules/calendar-grid";
import { CalendarLegend } from "@/components/schedules/calendar-legend";
import { DayRuns } from "@/components/schedules/day-runs";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { calendarDays, dayOf } from "@/lib/schedules/calendar-days";
import { calendarQuery } from "@/lib/schedules/queries";

const never = () => () => undefined;
const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
/** The server can't know where the reader is. */
const nowhere = () => "";

/** From this width on the day's refreshes stand beside the hours: Tailwind's `lg`. */
const BESIDE = "(min-width: 64rem)";

/** What is refreshed by itself in the next seven days, hour by hour and one day's in detail. */
export function CalendarView() {
  const timezone = useSyncExternalStore(never, zoneHere, nowhere);
  const { data, error } = useQuery({ ...calendarQuery(timezone), enabled: timezone !== "" });
  const [chosen, setChosen] = useState<number | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const choose = (day: number) => {
    setChosen(day);
    // On a phone the day's refreshes are below the hours, out of sight.
    if (!matchMedia(BESIDE).matches) list.current?.scrollIntoView({ block: "start" });
  };
  if (!data)
    return error ? (
      <Notice kind="failed">{error.message}</Notice>
    ) : (
      <Loading what="the next seven days">
        <Skeleton className="h-96" />
      </Loading>
    );
  const days = calendarDays(data, timezone);
  const day = days.find(({ id }) => id === chosen) ?? days[0];
  if (!day) return <Notice kind="failed">There are no days to show. Reload the page.</Notice>;
  const runs = data.runs.filter((run) => dayOf(run.startsAt, timezone) === day.id);
  return (
    <div className="flex flex-col gap-4">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      <LeftOut leftOut={data.leftOut} timezone={timezone} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-3">
          <CalendarGrid days={days} timezone={timezone} chosen={day.id} onChoose={choose} />
          <CalendarLegend slots={data.slots} timezone={timezone} />
        </div>
        <div ref={list} className="min-w-0 scroll-mt-16">
          <DayRuns key={day.id} day={day} runs={runs} timezone={timezone} unlisted={data.leftOut.runs > 0} />
        </div>
      </div>
    </div>
  );
}

function LeftOut({
  leftOut: { runs, schedules, from },
  timezone,
}: {
  leftOut: { runs: number; schedules: number; from: string | null };
  timezone: string;
}) {
  const parts = [
    from
      ? `There are too many to foresee all: nothing is counted from ${new Date(from).toLocaleString("en-GB", { weekday: "long", hour: "2-digit", minute: "2-digit", timeZone: timezone })} on.`
      : "",
    schedules > 0 ? `${schedules.toLocaleString("en")} schedules aren't counted.` : "",
    runs > 0
      ? `${runs.toLocaleString("en")} later refreshes are counted in the hours, but not listed by name.`
      : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? <Notice kind="info">{parts.join(" ")}</Notice> : null;
}
