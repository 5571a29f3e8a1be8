import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeStatuses,
  canMove,
  isActive,
  isKept,
  type SessionStatus,
  sessionStatuses,
  sourcesOf,
} from "./state";

/** A session's life, written down once more by hand. */
const allowed: Record<SessionStatus, SessionStatus[]> = {
  queued: ["starting", "stopping", "failed", "deleted"],
  starting: ["queued", "running", "stopping", "failed", "deleted"],
  running: ["stopping", "stopped", "failed", "deleted"],
  stopping: ["stopped", "expired", "failed", "deleted"],
  stopped: ["resuming", "queued", "deleted"],
  expired: ["resuming", "queued", "deleted"],
  resuming: ["running", "stopping", "failed", "deleted"],
  failed: ["deleted"],
  deleted: [],
};
const pairs = sessionStatuses.flatMap((from) => sessionStatuses.map((to) => [from, to] as const));
const status = fc.constantFrom(...sessionStatuses);

describe("canMove", () => {
  it.each(pairs)("%s → %s", (from, to) => {
    expect(canMove(from, to)).toBe(allowed[from].includes(to));
  });
});

describe("sourcesOf", () => {
  it("is the inverse of canMove", () => {
    fc.assert(fc.property(status, status, (from, to) => sourcesOf(to).includes(from) === canMove(from, to)));
  });
});

describe("active", () => {
  it("is what runs, or is on its way there or back", () => {
    expect(activeStatuses).toEqual(["queued", "starting", "running", "stopping", "resuming"]);
  });

  it("is entered again only from what is kept", () => {
    fc.assert(
      fc.property(
        status,
        status,
        (from, to) => isActive(from) || !isActive(to) || !canMove(from, to) || isKept(from),
      ),
    );
  });

  it("can always be deleted", () => {
    fc.assert(fc.property(status, (from) => from === "deleted" || canMove(from, "deleted")));
  });
});
