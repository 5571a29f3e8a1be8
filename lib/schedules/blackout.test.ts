import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blackoutAt, blackoutSpans, leavesNothing } from "./blackout";
import { blackoutWords, daysWords, holdsWords } from "./blackout-words";
import type { BlackoutWindow } from "./wire";
import { DAY, HOUR, MINUTE, momentOf, startOfDay, wallAt } from "./zone";

const every = [1, 2, 3, 4, 5, 6, 7];
const window = (
  days: number[],
  from: string,
  to: string,
  timezone = "UTC",
  reason = "office hours",
): BlackoutWindow => ({ days, from, to, timezone, reason });
const weekdays = [1, 2, 3, 4, 5];
const minute = (at: Date | undefined) => at?.toISOString().slice(0, 16) ?? null;

describe("until when one holds", () => {
  // 27 November 2026 is a Friday.
  test.each<[string, BlackoutWindow[], string, string | null]>([
    ["none", [], "2026-11-27T12:00Z", null],
    ["before it begins", [window(weekdays, "08:00", "18:00")], "2026-11-27T07:59:59Z", null],
    ["as it begins", [window(weekdays, "08:00", "18:00")], "2026-11-27T08:00Z", "2026-11-27T18:00"],
    ["as it ends", [window(weekdays, "08:00", "18:00")], "2026-11-27T18:00Z", null],
    ["on another day", [window(weekdays, "08:00", "18:00")], "2026-11-28T12:00Z", null],
    ["over midnight", [window([5], "22:00", "06:00")], "2026-11-28T05:00Z", "2026-11-28T06:00"],
    ["over midnight, the day before", [window([5], "22:00", "06:00")], "2026-11-27T05:00Z", null],
    ["a whole day", [window([5], "00:00", "00:00")], "2026-11-27T12:00Z", "2026-11-28T00:00"],
    ["days that follow on", [window([5, 6, 7], "00:00", "00:00")], "2026-11-27T12:00Z", "2026-11-30T00:00"],
    [
      "windows that overlap",
      [window([5], "08:00", "12:00"), window([5], "11:00", "15:00"), window([5], "15:00", "16:00")],
      "2026-11-27T09:00Z",
      "2026-11-27T16:00",
    ],
    ["Berlin", [window([5], "08:00", "18:00", "Europe/Berlin")], "2026-11-27T12:00Z", "2026-11-27T17:00"],
    [
      "New York",
      [window([5], "22:00", "02:00", "America/New_York")],
      "2026-11-28T03:30Z",
      "2026-11-28T07:00",
    ],
    ["Kolkata", [window([6], "00:00", "01:00", "Asia/Kolkata")], "2026-11-27T18:45Z", "2026-11-27T19:30"],
    // Clocks go forward at 2: half past isn't there, and the window is over when the hour would be.
    [
      "Berlin, spring",
      [window([7], "01:00", "02:30", "Europe/Berlin")],
      "2027-03-28T00:30Z",
      "2027-03-28T01:00",
    ],
    [
      "Berlin, spring, begins",
      [window([7], "02:30", "04:00", "Europe/Berlin")],
      "2027-03-28T01:00Z",
      "2027-03-28T02:00",
    ],
    // Clocks go back at 3: the window ends the second time that it is half past two.
    [
      "Berlin, autumn",
      [window([7], "01:00", "02:30", "Europe/Berlin")],
      "2026-10-25T00:45Z",
      "2026-10-25T01:30",
    ],
    [
      "New York, autumn",
      [window([7], "01:30", "03:00", "America/New_York")],
      "2026-11-01T05:30Z",
      "2026-11-01T08:00",
    ],
  ])("%s", (_name, windows, at, until) => {
    expect(minute(blackoutAt(windows, new Date(at))?.until)).toBe(until);
  });

  test("the one that lasts longest gives its name", () => {
    const windows = [
      window([5], "08:00", "12:00", "UTC", "short"),
      window([5], "09:00", "15:00", "UTC", "long"),
    ];
    expect(blackoutAt(windows, new Date("2026-11-27T10:00Z"))?.window.reason).toBe("long");
    expect(blackoutAt(windows, new Date("2026-11-27T08:30Z"))?.window.reason).toBe("short");
  });

  test("windows that leave nothing of a week are known", () => {
    const now = new Date("2026-11-27T12:00Z");
    expect(leavesNothing([window(every, "00:00", "00:00")], now)).toBe(true);
    expect(leavesNothing([window(every, "00:00", "12:00"), window(every, "12:00", "00:00")], now)).toBe(true);
    expect(leavesNothing([window(every, "00:00", "23:59")], now)).toBe(false);
  });
});

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/St_Johns",
];
const clock = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((all) => new Date(all * MINUTE).toISOString().slice(11, 16));
const anyWindow = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: clock,
  to: clock,
  timezone: fc.constantFrom(...zones),
  reason: fc.constant(""),
});
const anyMoment = fc.date({
  min: new Date("2026-01-01T00:00Z"),
  max: new Date("2027-12-31T00:00Z"),
  noInvalidDate: true,
});

test("whatever the windows: one that holds ends later, and when it ends none holds", () => {
  fc.assert(
    fc.property(fc.array(anyWindow, { maxLength: 4 }), anyMoment, (windows, at) => {
      const held = blackoutAt(windows, at);
      if (!held) return;
      expect(held.until.getTime()).toBeGreaterThan(at.getTime());
      if (!leavesNothing(windows, at)) expect(blackoutAt(windows, held.until)).toBeNull();
    }),
    { numRuns: 200 },
  );
});

test("apart from the days on which clocks change, it holds when the wall says so", () => {
  fc.assert(
    fc.property(anyWindow, anyMoment, (one, at) => {
      const now = at.getTime();
      const { timezone } = one;
      const offset = (then: number) => wallAt(timezone, then) - then;
      if ([-2, -1, 1, 2].some((days) => offset(now + days * DAY) !== offset(now))) return;
      const wall = wallAt(timezone, now);
      const [day, time] = [new Date(wall).getUTCDay() || 7, new Date(wall).toISOString().slice(11, 16)];
      const yesterday = day === 1 ? 7 : day - 1;
      const over = one.to <= one.from;
      const says = over
        ? (one.days.includes(day) && time >= one.from) || (one.days.includes(yesterday) && time < one.to)
        : one.days.includes(day) && time >= one.from && time < one.to;
      expect(blackoutAt([one], at) !== null).toBe(says);
    }),
    { numRuns: 300 },
  );
});

test("a day begins at its midnight, also where that is left out", () => {
  expect(startOfDay("Europe/Berlin", Date.parse("2026-11-27T12:00Z"))).toBe(Date.parse("2026-11-26T23:00Z"));
  expect(startOfDay("Africa/Cairo", Date.parse("2026-04-24T12:00Z"))).toBe(Date.parse("2026-04-23T22:00Z"));
  expect(momentOf("UTC", 5 * HOUR, "last")).toBe(5 * HOUR);
});

test("twenty windows of a week are few spans, in their order", () => {
  const windows = Array.from({ length: 20 }, () => window(every, "08:00", "18:00"));
  const from = Date.parse("2026-11-27T00:00Z");
  const spans = blackoutSpans(windows, from, from + 7 * DAY);
  expect(spans).toHaveLength(20 * 7);
  expect(spans.every((span, place) => place === 0 || span.from >= (spans[place - 1]?.from ?? 0))).toBe(true);
});

test.each([
  [[1, 2, 3, 4, 5], "Mon–Fri"],
  [[6, 7], "Sat, Sun"],
  [[5, 1, 3], "Mon, Wed, Fri"],
  [[1, 2, 3, 6], "Mon–Wed, Sat"],
  [every, "Every day"],
])("%j in words: %s", (days, words) => {
  expect(daysWords(days)).toBe(words);
});

test("one in words, and that it holds", () => {
  const office = window(weekdays, "08:00", "18:00", "Europe/Berlin");
  expect(blackoutWords(office)).toBe("Mon–Fri 08:00–18:00, Europe/Berlin: office hours");
  const now = new Date("2026-11-27T12:00Z");
  const held = blackoutAt([office], now);
  expect(held && holdsWords(held, now)).toBe("Blackout until 18:00 (Europe/Berlin): office hours");
  const weekend = blackoutAt([window([5, 6, 7], "00:00", "00:00", "UTC", "")], now);
  expect(weekend && holdsWords(weekend, now)).toBe("Blackout until Mon 30 Nov, 00:00 (UTC)");
});
