"use client";

import { cn } from "@/components/cn";
import { useNow } from "@/components/time/now";
import { formatCount } from "@/lib/format";
import type { CalendarCell, CalendarDay } from "@/lib/schedules/calendar-days";
import { wallAt } from "@/lib/schedules/zone";
import { busyClass, hatched, percent } from "./calendar-looks";

const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

/** Seven days by 24 hours: how many refreshes begin, and how busy the workers are. A day's heading chooses it. */
export function CalendarGrid({
  days,
  timezone,
  chosen,
  onChoose,
}: {
  days: readonly CalendarDay[];
  timezone: string;
  chosen: number;
  onChoose: (day: number) => void;
}) {
  const now = useNow();
  const hourNow = new Date(wallAt(timezone, now)).getUTCHours();
  return (
    <div className="overflow-clip rounded-lg border bg-surface">
      <table
        aria-label="Refreshes of the next seven days by hour"
        className="w-full table-fixed border-collapse text-center text-sm tabular-nums"
      >
        <thead>
          <tr className="border-b">
            <th scope="col" className="w-12 px-1 text-xs font-normal text-muted">
              Hour
            </th>
            {days.map((day) => (
              <th key={day.id} scope="col" className="border-l p-0 font-normal">
                <button
                  type="button"
                  aria-pressed={day.id === chosen}
                  onClick={() => onChoose(day.id)}
                  className={cn(
                    "flex h-12 w-full flex-col items-center justify-center border-b-2 text-xs -outline-offset-2 transition-colors hover:bg-hover sm:flex-row sm:gap-1.5",
                    day.id === chosen
                      ? "border-ink bg-selected font-semibold text-ink"
                      : "border-transparent text-muted",
                  )}
                >
                  <span>{day.weekday}</span> <span>{day.date}</span>{" "}
                  <span className="sr-only">show its refreshes</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 24 }, (_, hour) => (
            <tr key={clock(hour)} className="border-b last:border-b-0">
              <th
                scope="row"
                className={cn("text-xs font-normal text-muted", hour === hourNow && "font-semibold text-ink")}
              >
                {clock(hour)}
              </th>
              {days.map((day) => (
                <Cell key={day.id} cell={day.hours[hour] ?? null} now={now} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell, now }: { cell: CalendarCell | null; now: number }) {
  const past = cell !== null && cell.endsAt <= now;
  if (cell === null || past)
    return (
      <td className="h-7 border-l bg-sunken">
        <span className="sr-only">{past ? "over" : "left out by the clocks"}</span>
      </td>
    );
  const { runs, busy, blackout } = cell;
  return (
    <td className={cn("h-7 border-l text-ink", busyClass(busy), blackout !== null && hatched)}>
      {runs > 0 || busy > 0 ? (
        <>
          <span className="font-medium" aria-hidden="true">
            {runs > 0 ? compact(runs) : ""}
          </span>
          <span className="ml-1.5 text-xs max-md:hidden" aria-hidden="true">
            {percent(busy)}
          </span>
        </>
      ) : null}
      <span className="sr-only">{spoken(cell)}</span>
    </td>
  );
}

function spoken({ runs, busy, blackout }: CalendarCell): string {
  const parts = [runs > 0 ? formatCount(runs, "refresh", "refreshes") : "none"];
  if (busy > 0) parts.push(`${percent(busy)} busy`);
  if (blackout !== null) parts.push(`blackout${blackout === "" ? "" : `: ${blackout}`}`);
  return parts.join(", ");
}

const compact = (count: number) =>
  new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
