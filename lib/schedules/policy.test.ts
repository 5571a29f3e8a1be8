import { describe, expect, test } from "vitest";
import { type DueFacts, decide, failuresInRow, restsAfter, SPREAD_SECONDS, spreadOf } from "./policy";

const fine: DueFacts = {
  ...{ archived: false, supersededBy: null, background: null },
  ...{ blackoutUntil: null, failures: 0, leftOut: 0 },
};
const blackoutUntil = new Date("2026-11-27T17:00:00Z");

describe("whether what is due is started", () => {
  test.each<[string, Partial<DueFacts>, string]>([
    ["nothing against it", {}, "run"],
    ["archived", { archived: true }, "skip"],
    ["a newer version serves", { supersededBy: 7 }, "skip"],
    ["everything is paused", { background: { by: "Ada", reason: "the mirror is down" } }, "skip"],
    ["a blackout", { blackoutUntil }, "putOff"],
    ["a blackout, and it would rest", { blackoutUntil, failures: 4 }, "putOff"],
    ["a blackout of what is archived", { blackoutUntil, archived: true }, "skip"],
    ["two failures", { failures: 2 }, "run"],
    ["three failures", { failures: 3 }, "skip"],
    ["three failures, one time left out", { failures: 3, leftOut: 1 }, "run"],
    ["four failures, two times left out", { failures: 4, leftOut: 2 }, "skip"],
    ["four failures, three times left out", { failures: 4, leftOut: 3 }, "run"],
    ["five failures, six times left out", { failures: 5, leftOut: 6 }, "skip"],
    ["five failures, seven times left out", { failures: 5, leftOut: 7 }, "run"],
    ["six failures", { failures: 6, leftOut: 100 }, "pause"],
  ])("%s", (_name, facts, kind) => {
    expect(decide({ ...fine, ...facts })).toMatchObject({ kind });
  });

  test("the reason names who, what and when", () => {
    const background = { by: "Ada", reason: "the mirror is down" };
    expect(decide({ ...fine, background })).toMatchObject({
      reason: expect.stringMatching(/^Ada .*: the mirror is down$/),
    });
    expect(decide({ ...fine, supersededBy: 7 })).toMatchObject({
      reason: "New sessions start from version 7.",
    });
    expect(decide({ ...fine, failures: 4, leftOut: 1 })).toMatchObject({
      reason: "4 refreshes in a row failed: it tries again in 2 times.",
    });
  });

  test("it rests longer each time", () => {
    expect([0, 1, 2, 3, 4, 5].map(restsAfter)).toEqual([0, 0, 0, 1, 3, 7]);
  });
});

test.each([
  [[], 0],
  [["ready", "failed"], 0],
  [["failed", "failed", "ready", "failed"], 2],
  [["failed", "cancelled", "failed"], 2],
  [["failed", "removed"], 1],
])("failures at the head of %j: %i", (statuses, expected) => {
  expect(failuresInRow(statuses)).toBe(expected);
});

test("schedules of the same minute are spread over it, each always in the same way", () => {
  const ids = Array.from(
    { length: 1_000 },
    (_, each) => `01a219da-4d21-77cf-a795-${String(each * 7919).padStart(12, "0")}`,
  );
  const spreads = ids.map(spreadOf);
  expect(ids.map(spreadOf)).toEqual(spreads);
  expect(Math.max(...spreads)).toBeLessThan(SPREAD_SECONDS * 1_000);
  // In each second of the span some of them.
  expect(new Set(spreads.map((spread) => Math.floor(spread / 1_000))).size).toBe(SPREAD_SECONDS);
});
