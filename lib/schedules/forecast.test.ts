import fc from "fast-check";
import { expect, test } from "vitest";
import { ASSUMED_SECONDS, forecast, loadByHour, type PlannedRun } from "./forecast";
import { HOUR, MINUTE } from "./zone";

const run = (versionId: string, minutes: number, seconds: number | null): PlannedRun => ({
  ...{ versionId, seconds },
  ...{ dueAt: minutes * MINUTE, startsAt: minutes * MINUTE },
});
const plenty = { slots: 64, startsPerMinute: 1_000 };
const times = (runs: PlannedRun[], capacity = plenty) =>
  forecast(runs, capacity).map(({ run, beginsAt, endsAt }) => [
    run.versionId,
    beginsAt / MINUTE,
    endsAt / MINUTE,
  ]);

test("with places enough each begins when it starts", () => {
  expect(times([run("b", 5, 120), run("a", 0, 60)])).toEqual([
    ["a", 0, 1],
    ["b", 5, 7],
  ]);
});

test("with one place they wait for one another", () => {
  const runs = [run("a", 0, 600), run("b", 0, 60), run("c", 1, 60)];
  expect(times(runs, { ...plenty, slots: 1 })).toEqual([
    ["a", 0, 10],
    ["b", 10, 11],
    ["c", 11, 12],
  ]);
  expect(times(runs, { ...plenty, slots: 2 })).toEqual([
    ["a", 0, 10],
    ["b", 0, 1],
    ["c", 1, 2],
  ]);
});

test("a minute takes only so many starts", () => {
  const runs = ["a", "b", "c", "d", "e"].map((id) => run(id, 0, 60));
  expect(times(runs, { slots: 64, startsPerMinute: 2 }).map(([, begins]) => begins)).toEqual([0, 0, 1, 1, 2]);
});

test("what is due while the one before is on its way joins it", () => {
  expect(times([run("a", 0, 900), run("a", 10, 900), run("a", 20, 900)])).toEqual([
    ["a", 0, 15],
    ["a", 20, 35],
  ]);
});

test("what starts late stands for all that were due until then", () => {
  const putOff = (minutes: number) => ({ ...run("a", minutes, 1), startsAt: 60 * MINUTE });
  expect(times([putOff(0), putOff(30), run("b", 60, 1)], { slots: 1, startsPerMinute: 1 })).toHaveLength(2);
});

test("of what nothing is known something is assumed", () => {
  expect(times([run("a", 0, null)])).toEqual([["a", 0, ASSUMED_SECONDS / 60]]);
});

test("load is counted by hour, also of builds that go on into the next", () => {
  const load = loadByHour(
    [
      { beginsAt: 30 * MINUTE, endsAt: 90 * MINUTE },
      { beginsAt: 60 * MINUTE, endsAt: 120 * MINUTE },
      { beginsAt: -30 * MINUTE, endsAt: 30 * MINUTE },
    ],
    { from: 0, hours: 3, slots: 2 },
  );
  expect(load).toEqual([
    { at: 0, runs: 1, busy: 0.5 },
    { at: HOUR, runs: 1, busy: 0.75 },
    { at: 2 * HOUR, runs: 0, busy: 0 },
  ]);
});

test("never more at once than there are places, never more starts in a minute, and none before its time", () => {
  const anyRun = fc.record({
    versionId: fc.integer({ min: 0, max: 30 }).map(String),
    dueAt: fc.constant(0),
    startsAt: fc.integer({ min: 0, max: 10 * MINUTE }),
    seconds: fc.option(fc.integer({ min: 1, max: 600 })),
  });
  const capacity = fc.record({
    slots: fc.integer({ min: 1, max: 5 }),
    startsPerMinute: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(anyRun, { maxLength: 60 }), capacity, (runs, { slots, startsPerMinute }) => {
      const answer = forecast(runs, { slots, startsPerMinute });
      for (const { run, beginsAt } of answer) {
        expect(beginsAt).toBeGreaterThanOrEqual(run.startsAt);
        expect(
          answer.filter((other) => other.beginsAt <= beginsAt && beginsAt < other.endsAt).length,
        ).toBeLessThanOrEqual(slots);
      }
    }),
    { numRuns: 200 },
  );
});
