import { describe, expect, it } from "vitest";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import { lossWords, versionState, whyNotUsable } from "./version-state";

const attempt = (number: number, status: SnapshotStatus) => ({
  id: `id-${number}`,
  number,
  status,
  startedAt: "2026-11-23T12:00:00.000Z",
  finishedAt: status === "queued" || status === "running" ? null : "2026-11-23T12:01:24.000Z",
});

interface Row {
  serving: number | null;
  latest: [number, SnapshotStatus] | null;
  status: string;
  words: string;
  later?: string;
  active?: number;
}

const preparing = "still being prepared";
const open = "new sessions can start";
const mend = "inspect the setup script and output, then refresh";

const table: Row[] = [
  // Never served: the latest attempt is all there is to say.
  { serving: null, latest: null, status: "none", words: "refresh to prepare it" },
  { serving: null, latest: [1, "queued"], status: "queued", words: preparing, active: 1 },
  { serving: null, latest: [1, "running"], status: "running", words: preparing, active: 1 },
  { serving: null, latest: [1, "failed"], status: "failed", words: mend },
  { serving: null, latest: [2, "running"], status: "running", words: preparing, active: 2 },
  { serving: null, latest: [1, "cancelled"], status: "cancelled", words: "refresh to prepare it" },
  {
    serving: null,
    latest: [1, "removed"],
    status: "removed",
    words: "its image was removed; refresh to prepare it again",
  },
  // Serves: nothing that a later attempt does takes that away.
  { serving: 14, latest: [14, "ready"], status: "ready", words: open },
  {
    serving: 14,
    latest: [15, "queued"],
    status: "ready",
    words: open,
    later: "refresh #15 queued",
    active: 15,
  },
  {
    serving: 14,
    latest: [15, "running"],
    status: "ready",
    words: open,
    later: "refresh #15 running",
    active: 15,
  },
  { serving: 14, latest: [15, "failed"], status: "ready", words: open, later: "refresh #15 failed" },
  { serving: 14, latest: [15, "cancelled"], status: "ready", words: open, later: "refresh #15 cancelled" },
  // Rolled back, or built without being promoted.
  { serving: 14, latest: [15, "ready"], status: "ready", words: open, later: "#15 is ready and not serving" },
  { serving: 14, latest: [15, "removed"], status: "ready", words: open, later: "refresh #15 removed" },
];

describe("versionState", () => {
  it.each(table)("serving $serving, latest $latest: $status, $words", (row) => {
    const state = versionState({
      usable: row.serving !== null,
      pinned: false,
      servingSnapshot: row.serving === null ? null : attempt(row.serving, "ready"),
      latestSnapshot: row.latest && attempt(...row.latest),
    });
    expect(state.status).toBe(row.status);
    expect(state.words).toBe(row.words);
    expect(state.serving?.number ?? null).toBe(row.serving);
    expect(state.later?.words).toBe(row.later);
    expect(state.active?.number).toBe(row.active);
  });

  it("doesn't take a serving snapshot at its word when the version isn't usable", () => {
    const state = versionState({
      usable: false,
      pinned: false,
      servingSnapshot: attempt(3, "removed"),
      latestSnapshot: attempt(4, "failed"),
    });
    expect(state).toMatchObject({ status: "failed", serving: null, words: mend });
  });
});

describe("whyNotUsable", () => {
  const reason = (latest: SnapshotStatus) =>
    whyNotUsable(
      2,
      versionState({
        usable: false,
        pinned: false,
        servingSnapshot: null,
        latestSnapshot: attempt(1, latest),
      }),
    );
  it("says why", () => {
    expect(reason("running")).toBe("Version 2 is still being prepared.");
    expect(reason("failed")).toBe(
      "Version 2 has no ready snapshot: inspect the setup script and output, then refresh.",
    );
  });
  it("is null when sessions can start, also beside a failed refresh", () => {
    const state = versionState({
      usable: true,
      pinned: true,
      servingSnapshot: attempt(1, "ready"),
      latestSnapshot: attempt(2, "failed"),
    });
    expect(whyNotUsable(2, state)).toBeNull();
  });
});

describe("lossWords", () => {
  const reason = "the image of #14 is gone from berlin";
  const latest = (status: SnapshotStatus) => ({
    servingChoice: { by: "Kiln", reason },
    servingSnapshot: null,
    latestSnapshot: attempt(15, status),
  });
  it.each([
    [{ ...latest("ready"), servingSnapshot: attempt(12, "ready") }, "#12 serves again."],
    [latest("queued"), "A new snapshot is queued."],
    [latest("running"), "A new snapshot is being prepared."],
    [latest("failed"), "Refresh to prepare a new one."],
  ])("says what follows (%#)", (facts, then) => {
    expect(lossWords(facts)).toBe(`The image of #14 is gone from berlin. ${then}`);
  });

  it("says nothing where a person chose, or nobody", () => {
    expect(lossWords({ ...latest("ready"), servingChoice: { by: "Olga", reason } })).toBeNull();
    expect(lossWords({ ...latest("ready"), servingChoice: null })).toBeNull();
  });
});
