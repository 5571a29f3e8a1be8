import { expect, test } from "vitest";
import { calendarDays, dayOf } from "./calendar-days";
import type { CalendarWire } from "./wire";
import { HOUR, startOfDay } from "./zone";

const calendar = (timezone: string, day: string, hours: number): CalendarWire => {
  const from = startOfDay(timezone, Date.parse(day));
  const at = (hour: number) => new Date(from + hour * HOUR).toISOString();
  return {
    ...{ from: at(0), to: at(hours), slots: 2, runs: [] },
    leftOut: { runs: 0, schedules: 0, from: null },
    hours: Array.from({ length: hours }, (_, hour) => ({ at: at(hour), runs: 1, busy: 0.5, blackout: null })),
  };
};

test.each([
  ["UTC", "2026-11-27T12:00Z", 168],
  ["Asia/Kolkata", "2026-11-27T12:00Z", 168],
  ["Europe/Berlin", "2026-10-23T12:00Z", 169],
  ["America/New_York", "2027-03-12T12:00Z", 167],
])("%s from %s: seven days of 24 hours, and each refresh in one of them", (timezone, day, hours) => {
  const days = calendarDays(calendar(timezone, day, hours), timezone);
  expect(days).toHaveLength(7);
  expect(days.every((each) => each.hours.length === 24)).toBe(true);
  const cells = days.flatMap((each) => each.hours);
  expect(cells.filter((cell) => cell === null)).toHaveLength(Math.max(0, 168 - hours));
  expect(cells.reduce((sum, cell) => sum + (cell?.runs ?? 0), 0)).toBe(hours);
  expect(days[0]?.id).toBe(dayOf(day, timezone));
});

test("a day has its names", () => {
  const [friday] = calendarDays(calendar("UTC", "2026-11-27T12:00Z", 24), "UTC");
  expect(friday).toMatchObject({ weekday: "Fri", date: "27", title: "Friday 27 November" });
});
