/** The calendar as the days and hours that a zone's clocks show. Pure. */
import type { CalendarWire } from "./wire";
import { DAY, HOUR, wallAt } from "./zone";

export interface CalendarCell {
  /** The moment at which it ends. */
  endsAt: number;
  runs: number;
  busy: number;
  blackout: string | null;
}

export interface CalendarDay {
  /** Counts the zone's days. */
  id: number;
  /** "Fri" and "27". */
  weekday: string;
  date: string;
  /** "Friday, 27 November". */
  title: string;
  /** By the hour that the clocks show; null for one that they leave out. One that they show twice is one cell. */
  hours: Array<CalendarCell | null>;
}

/** Which of a zone's days a moment belongs to. */
export const dayOf = (at: string, timezone: string): number =>
  Math.floor(wallAt(timezone, Date.parse(at)) / DAY);

/** The days, each with 24 cells. */
export function calendarDays({ hours }: CalendarWire, timezone: string): CalendarDay[] {
  const days = new Map<number, CalendarDay>();
  for (const { at, runs, busy, blackout } of hours) {
    const wall = wallAt(timezone, Date.parse(at));
    const id = Math.floor(wall / DAY);
    const day = days.get(id) ?? emptyDay(id);
    days.set(id, day);
    const place = Math.floor((wall - id * DAY) / HOUR);
    const before = day.hours[place];
    day.hours[place] = {
      endsAt: Date.parse(at) + HOUR,
      runs: runs + (before?.runs ?? 0),
      busy: Math.max(busy, before?.busy ?? 0),
      blackout: blackout ?? before?.blackout ?? null,
    };
  }
  return [...days.values()];
}

function emptyDay(id: number): CalendarDay {
  const words = (options: Intl.DateTimeFormatOptions) =>
    new Date(id * DAY).toLocaleDateString("en-GB", { ...options, timeZone: "UTC" });
  return {
    id,
    weekday: words({ weekday: "short" }),
    date: words({ day: "numeric" }),
    title: words({ weekday: "long", day: "numeric", month: "long" }),
    hours: Array.from({ length: 24 }, () => null),
  };
}
