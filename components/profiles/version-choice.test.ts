import { expect, it } from "vitest";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import { NEWEST, versionChoice } from "./version-choice";

const now = Date.parse("2026-03-01T12:00:00Z");
const attempt = (number: number, status: SnapshotStatus, finishedAt: string | null) => ({
  ...{ id: `s${number}`, number, status, startedAt: null, finishedAt },
});
type Attempt = ReturnType<typeof attempt>;
const version = (number: number, servingSnapshot: Attempt | null, latestSnapshot: Attempt | null) => ({
  ...{ number, usable: servingSnapshot !== null, pinned: false, servingSnapshot, latestSnapshot },
});

const ready = attempt(4, "ready", "2026-03-01T09:00:00Z");
const failed = attempt(5, "failed", "2026-03-01T11:00:00Z");

it("says the state and the age of each, and offers only what can start", () => {
  const choice = versionChoice(
    [
      version(4, null, null),
      version(3, null, attempt(1, "running", null)),
      version(2, ready, failed),
      version(1, ready, ready),
    ],
    now,
  );
  expect(choice).toEqual([
    { value: NEWEST, label: "Newest that is ready: version 2" },
    { value: "4", label: "Version 4", hint: "Refresh to prepare it", disabled: true },
    { value: "3", label: "Version 3", hint: "Running: still being prepared", disabled: true },
    { value: "2", label: "Version 2", hint: "Ready: #4, built 3 h ago; refresh #5 failed", disabled: false },
    { value: "1", label: "Version 1", hint: "Ready: #4, built 3 h ago", disabled: false },
  ]);
});
