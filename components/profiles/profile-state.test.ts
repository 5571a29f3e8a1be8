import { describe, expect, it } from "vitest";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { profileState } from "./profile-state";

function snapshot(version: number, number: number, status: SnapshotStatus): SnapshotWire {
  const id = "00000000-0000-7000-8000-000000000000";
  const at = "2026-11-23T12:00:00.000Z";
  return {
    id,
    profileId: id,
    profile: { slug: "p", name: "P" },
    version,
    number,
    trigger: "manual",
    mode: "full",
    builtOn: null,
    builtOnId: null,
    attempt: 1,
    status,
    serving: false,
    requestedBy: "Ada",
    queuedAt: at,
    startedAt: at,
    finishedAt: at,
    cancelRequestedAt: null,
    cancelRequestedBy: null,
    cancelEnforcedAt: null,
    keepOnFailure: false,
    kept: null,
    waitingReason: null,
    image: null,
    lost: null,
    baseImage: null,
    host: null,
    worker: null,
    failure: null,
    steps: [],
    staleSecrets: [],
    log: { lines: 0, bytes: 0, truncatedBytes: 0, cut: null, lastLine: "", expiresAt: null, expiredAt: null },
  };
}

interface Case {
  what: string;
  latestVersion: number | null;
  latest: SnapshotWire | null;
  serving: SnapshotWire | null;
  archived?: boolean;
  start: number | null;
  whyNot: string | null;
  newest: string | null;
}

const cases: Case[] = [
  {
    what: "only a draft",
    latestVersion: null,
    latest: null,
    serving: null,
    start: null,
    newest: null,
    whyNot: "Publish the draft first: sessions start from a version's snapshot.",
  },
  {
    what: "first version runs",
    latestVersion: 1,
    latest: snapshot(1, 1, "running"),
    serving: null,
    start: null,
    newest: "running",
    whyNot: "Version 1 is still being prepared.",
  },
  {
    what: "first version failed",
    latestVersion: 1,
    latest: snapshot(1, 1, "failed"),
    serving: null,
    start: null,
    newest: "failed",
    whyNot: "Version 1 has no ready snapshot: inspect the setup script and output, then refresh.",
  },
  {
    what: "ready",
    latestVersion: 1,
    latest: snapshot(1, 1, "ready"),
    serving: snapshot(1, 1, "ready"),
    start: 1,
    newest: "ready",
    whyNot: null,
  },
  {
    what: "failed refresh",
    latestVersion: 1,
    latest: snapshot(1, 2, "failed"),
    serving: snapshot(1, 1, "ready"),
    start: 1,
    newest: "ready",
    whyNot: null,
  },
  {
    what: "new version runs, the old one serves",
    latestVersion: 2,
    latest: snapshot(2, 2, "running"),
    serving: snapshot(1, 1, "ready"),
    start: 1,
    newest: "running",
    whyNot: null,
  },
  {
    what: "new version failed, the old one serves",
    latestVersion: 2,
    latest: snapshot(2, 2, "failed"),
    serving: snapshot(1, 1, "ready"),
    start: 1,
    newest: "failed",
    whyNot: null,
  },
  {
    what: "archived",
    latestVersion: 1,
    latest: snapshot(1, 1, "ready"),
    serving: snapshot(1, 1, "ready"),
    archived: true,
    start: 1,
    newest: "ready",
    whyNot: "The profile is archived. Bring it back to start sessions.",
  },
];

describe("profileState", () => {
  it.each(cases)("$what", (row) => {
    const state = profileState({
      latestVersion: row.latestVersion,
      latestSnapshot: row.latest,
      servingSnapshot: row.serving,
      archivedAt: row.archived ? "2026-11-23T12:00:00.000Z" : null,
    });
    expect(state.newest?.status ?? null).toBe(row.newest);
    expect(state.start?.version ?? null).toBe(row.start);
    expect(state.whyNot).toBe(row.whyNot);
  });
});
