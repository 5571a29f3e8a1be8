import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeStatuses,
  canMove,
  isActive,
  isKept,
  isResumable,
  type SessionStatus,
  sessionStatuses,
  sourcesOf,
} from "./state";

/** A session's life, written down once more by hand. */
const allowed: Record<SessionStatus, SessionStatus[]> = {
  queued: ["starting", "stopping", "failed", "deleted"],
  starting: ["queued", "running", "stopping", "failed", "deleted"],
  running: ["stopping", "stopped", "resuming", "queued", "failed", "deleted"],
  stopping: ["stopped", "expired", "failed", "deleted"],
  stopped: ["resuming", "queued", "deleted"],
  expired: ["resuming", "queued", "deleted"],
  resuming: ["running", "queued", "stopping", "failed", "deleted"],
  failed: ["resuming", "queued", "deleted"],
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

  it("is entered again only from what is kept, or what failed and is persistent", () => {
    fc.assert(
      fc.property(
        status,
        status,
        (from, to) =>
          isActive(from) ||
          !isActive(to) ||
          !canMove(from, to) ||
          isResumable({ status: from, persistent: true }),
      ),
    );
  });

  it("can always be deleted", () => {
    fc.assert(fc.property(status, (from) => from === "deleted" || canMove(from, "deleted")));
  });
});

describe("resumable", () => {
  it("is what is kept; and a failed one that is persistent", () => {
    expect(sessionStatuses.filter((status) => isResumable({ status, persistent: false }))).toEqual(
      sessionStatuses.filter(isKept),
    );
    expect(isResumable({ status: "failed", persistent: true })).toBe(true);
    expect(isResumable({ status: "deleted", persistent: true })).toBe(false);
  });
});
