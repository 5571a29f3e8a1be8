import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeStatuses,
  canMove,
  isActive,
  isTerminal,
  type SnapshotStatus,
  snapshotStatuses,
  sourcesOf,
} from "./state";

/** From design.md §4, written down once more by hand: the table under test must not be its own witness. */
const allowed: ReadonlyArray<readonly [SnapshotStatus, SnapshotStatus]> = [
  ["queued", "running"],
  ["queued", "failed"],
  ["queued", "cancelled"],
  ["running", "queued"],
  ["running", "ready"],
  ["running", "failed"],
  ["running", "cancelled"],
  ["ready", "removed"],
];
const pairs = snapshotStatuses.flatMap((from) => snapshotStatuses.map((to) => [from, to] as const));
const isAllowed = (from: SnapshotStatus, to: SnapshotStatus) =>
  allowed.some(([a, b]) => a === from && b === to);
const status = fc.constantFrom(...snapshotStatuses);

describe("canMove", () => {
  it.each(pairs)("%s → %s", (from, to) => {
    expect(canMove(from, to)).toBe(isAllowed(from, to));
  });
});

describe("sourcesOf", () => {
  it("is the inverse of canMove", () => {
    fc.assert(fc.property(status, status, (from, to) => sourcesOf(to).includes(from) === canMove(from, to)));
  });

  it("never holds the status itself", () => {
    fc.assert(fc.property(status, (to) => !sourcesOf(to).includes(to)));
  });
});

describe("active and terminal", () => {
  it("divide the statuses in two", () => {
    fc.assert(fc.property(status, (one) => isActive(one) !== isTerminal(one)));
    expect(activeStatuses).toEqual(["queued", "running"]);
  });

  it("no way leads from a terminal status back to an active one", () => {
    fc.assert(
      fc.property(status, status, (from, to) => !(isTerminal(from) && isActive(to) && canMove(from, to))),
    );
  });

  it("every walk from queued comes to an end once it is terminal", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (choices) => {
        let current: SnapshotStatus = "queued";
        let ends = 0;
        for (const choice of choices) {
          const next: SnapshotStatus[] = snapshotStatuses.filter((to) => canMove(current, to));
          const chosen = next[choice % Math.max(1, next.length)];
          if (chosen === undefined) break;
          if (isTerminal(chosen) && isActive(current)) ends += 1;
          current = chosen;
        }
        expect(ends).toBeLessThanOrEqual(1);
      }),
    );
  });
});
