import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockChanges, dueAfter, dueBetween, isTimezone, problemOf } from "./cron";
import { wordsOf } from "./words";

const now = new Date("2026-11-26T12:00:00Z");
const due = (cron: string, timezone: string, after: string, count: number) =>
  dueAfter({ cron, timezone }, new Date(after), count).map((at) => at.toISOString().slice(0, 16));

describe("what is wrong with an expression", () => {
  test.each([
    ["0 3 * * *"],
    ["*/5 * * * *"],
    ["0 0 29 2 *"],
    ["30 2 * * mon-fri"],
    ["0,30 8-18/2 1,15 jan-jun *"],
    ["  0   3 * * 7 "],
  ])("nothing: %s", (cron) => {
    expect(problemOf(cron, now)).toBeNull();
  });

  test.each([
    ["", /Five fields/],
    ["@daily", /Five fields/],
    ["0 3 * *", /Five fields/],
    ["0 0 3 * * *", /Five fields/],
    ["61 * * * *", /“61” can't be read as a minute/],
    ["0 25 * * *", /“25” can't be read as an hour/],
    ["0 0 32 * *", /“32” can't be read as a day of the month/],
    ["0 0 * 13 *", /“13” can't be read as a month/],
    ["0 0 * * 8", /“8” can't be read as a day of the week/],
    ["*/0 * * * *", /“\*\/0” can't be read as a minute/],
    ["tuesday 3 * * *", /can't be read as a minute/],
    ["0 0 31 2 *", /never due/],
    ["* * * * *", /at least 5 minutes/],
    ["*/4 * * * *", /at least 5 minutes/],
    ["58,1 * * * *", /due at \d\d:58 and again at \d\d:01/],
    ["0,3 0 1 1 *", /due at 00:00 and again at 00:03/],
  ])("%s", (cron, message) => {
    expect(problemOf(cron, now)).toMatch(message);
  });

  test("whatever is written, it is an answer and no throw", () => {
    const field = fc.oneof(
      fc.constantFrom("*", "*/7", "1-5", "L", "?", "1#2", "W", "-", ",", "/"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(field, { minLength: 0, maxLength: 7 }), (parts) => {
        const problem = problemOf(parts.join(" "), now);
        expect(wordsOf(parts.join(" "))).toEqual(expect.any(String));
        if (problem === null)
          expect(dueAfter({ cron: parts.join(" "), timezone: "UTC" }, now, 1)).toHaveLength(1);
        else expect(problem).not.toBe("");
      }),
      { numRuns: 300 },
    );
  });
});

test.each([
  ["UTC", true],
  ["Europe/Berlin", true],
  ["America/Argentina/Ushuaia", true],
  ["Mars/Olympus", false],
  ["", false],
  ["Europe/Berlin; DROP", false],
])("is %s a time zone: %s", (name, expected) => {
  expect(isTimezone(name)).toBe(expected);
});

describe("when the clocks are changed", () => {
  test("Berlin, forward: 2:30 isn't there, and it runs at 3:00", () => {
    expect(due("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00Z", 2)).toEqual([
      "2027-03-28T01:00",
      "2027-03-29T00:30",
    ]);
  });

  test("Berlin, back: 2:30 is there twice, and it runs once; hourly runs in both", () => {
    expect(due("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", 2)).toEqual([
      "2026-10-25T00:30",
      "2026-10-26T01:30",
    ]);
    expect(due("0 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", 3)).toEqual([
      "2026-10-25T00:00",
      "2026-10-25T01:00",
      "2026-10-25T02:00",
    ]);
  });

  test("New York, forward and back", () => {
    expect(due("30 2 * * *", "America/New_York", "2027-03-13T12:00Z", 2)).toEqual([
      "2027-03-14T07:00",
      "2027-03-15T06:30",
    ]);
    expect(due("30 1 * * *", "America/New_York", "2026-10-31T12:00Z", 2)).toEqual([
      "2026-11-01T05:30",
      "2026-11-02T06:30",
    ]);
  });

  test("Lord Howe moves by half an hour; Cairo at midnight", () => {
    expect(due("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00Z", 2)).toEqual([
      "2026-10-03T15:30",
      "2026-10-04T15:15",
    ]);
    expect(due("0 0 * * *", "Africa/Cairo", "2027-04-29T12:00Z", 2)).toEqual([
      "2027-04-29T22:00",
      "2027-04-30T21:00",
    ]);
  });

  test.each([
    ["30 2 * * *", "Europe/Berlin", ["2027-03-28 moved"]],
    ["0 3 * * *", "Europe/Berlin", []],
    ["0 * * * *", "Europe/Berlin", ["2027-03-28 moved", "2027-10-31 repeated"]],
    ["30 2 * * *", "America/New_York", ["2027-03-14 moved"]],
    ["*/30 * * * *", "America/New_York", ["2027-03-14 moved", "2027-11-07 repeated"]],
    ["15 2 * * *", "Australia/Lord_Howe", ["2027-10-02 moved"]],
    ["30 2 * * *", "Asia/Tokyo", []],
    ["30 2 * * *", "UTC", []],
  ])("%s in %s is touched: %j", (cron, timezone, expected) => {
    const changes = clockChanges({ cron, timezone }, now);
    expect(changes.map(({ at, effect }) => `${at.toISOString().slice(0, 10)} ${effect}`)).toEqual(expected);
  });
});

test("times come in order, each once, all after the moment that was asked for", () => {
  const minute = fc.integer({ min: 0, max: 59 });
  const hour = fc.integer({ min: 0, max: 23 });
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
  const after = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(minute, hour, zone, after, (at, of, timezone, from) => {
      const times = { cron: `${at} ${of} * * *`, timezone };
      const runs = dueAfter(times, from, 10).map((run) => run.getTime());
      expect(runs).toHaveLength(10);
      expect([...new Set(runs)].toSorted((one, other) => one - other)).toEqual(runs);
      expect(runs[0]).toBeGreaterThan(from.getTime());
      // One a day, whatever the clocks do.
      const last = new Date(runs[9] ?? 0);
      expect(dueBetween(times, from, last, 100)).toBe(10);
      expect((runs[9] ?? 0) - (runs[0] ?? 0)).toBeLessThanOrEqual((9 * 24 + 1) * 3_600_000);
    }),
    { numRuns: 60 },
  );
});
