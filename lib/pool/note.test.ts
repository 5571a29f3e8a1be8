import { describe, expect, it } from "vitest";
import { type PoolFacts, poolNote } from "./note";
import { canMove, sourcesOf, warmStatuses } from "./state";
import { cpuWords, poolWords } from "./words";

const facts: PoolFacts = {
  ...{ size: 3, ready: 1, archived: false, usable: true, host: "attic" },
  ...{ diskLow: false, engineAway: false, working: true, error: null, retryAt: "2026-01-01T00:00:00.000Z" },
};

describe("why a pool isn't full", () => {
  it.each<[Partial<PoolFacts>, RegExp]>([
    [{ archived: true, usable: false }, /archived/],
    [{ usable: false, working: false }, /No version can start sessions yet/],
    [{ working: false, engineAway: true }, /No worker runs on attic/],
    [{ engineAway: true, diskLow: true }, /engine of attic doesn’t answer/],
    [{ diskLow: true, error: "x" }, /disk of attic is nearly full/],
    [{ error: "no shell" }, /^The last start failed: no shell\.$/],
    [{ error: "No shell." }, /No shell\.$/],
  ])("%j", (changes, words) => {
    expect(poolNote({ ...facts, ...changes }).note).toMatch(words);
  });

  it("a time is told only where a failed start is the reason: nothing else is tried again by itself then", () => {
    const failed = { ...facts, error: "no shell" };
    expect(poolNote(failed).retryAt).toBe(facts.retryAt);
    for (const changes of [{ archived: true }, { working: false }, { diskLow: true }, { ready: 3 }])
      expect(poolNote({ ...failed, ...changes }).retryAt).toBeNull();
  });

  it.each<Partial<PoolFacts>>([{}, { size: 0, usable: false }, { ready: 3, error: "over" }])(
    "nothing is said of what is well, or will be in a moment: %j",
    (changes) => {
      expect(poolNote({ ...facts, ...changes })).toEqual({ note: null, retryAt: null });
    },
  );
});

it("in words", () => {
  expect(poolWords({ size: 3, ready: 3, starting: 0 })).toBe("3 of 3 warm");
  expect(poolWords({ size: 3, ready: 1, starting: 2 })).toBe("1 of 3 warm, 2 starting");
  expect([1, 0.5, 0.001, 0].map(cpuWords)).toEqual(["1 CPU", "0.5 CPUs", "< 0.01 CPUs", "0 CPUs"]);
});

it("a sandbox that a session has taken goes back to no pool", () => {
  for (const to of ["starting", "ready"] as const)
    expect(sourcesOf(to).filter((from) => from === "claimed" || from === "given")).toEqual([]);
  expect(warmStatuses.filter((to) => canMove("given", to))).toEqual([]);
  expect(sourcesOf("claimed")).toEqual(["ready"]);
});
