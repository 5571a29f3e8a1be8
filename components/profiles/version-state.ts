/**
 * What a version's page says about it. Two facts that must not be mixed up: may new sessions start (the
 * serving snapshot), and how did the latest attempt end. A failed refresh changes the second only.
 */
import { isActive, type SnapshotStatus } from "@/lib/snapshots/state";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { systemActor } from "@/lib/users/roles";

type Attempt = Pick<SnapshotWire, "id" | "number" | "status" | "finishedAt" | "startedAt">;

export interface VersionFacts {
  /** A ready snapshot serves. */
  usable: boolean;
  /** A refresh isn't promoted. */
  pinned: boolean;
  servingSnapshot: Attempt | null;
  latestSnapshot: Attempt | null;
}

export interface VersionState {
  /** The status to show first: `ready` whenever new sessions can start. */
  status: SnapshotStatus | "none";
  /** What that means for the reader. */
  words: string;
  /** The newest attempt, however it ended. */
  latest: Attempt | null;
  /** The snapshot that new sessions start from. */
  serving: Attempt | null;
  /** A later attempt than the serving one, if there is one: what it is doing, or how it ended. */
  later: (Attempt & { words: string }) | null;
  /** Stays with the serving snapshot, whatever a refresh brings. */
  pinned: boolean;
  /** The attempt that is queued or running: it can be cancelled, and a refresh joins it. */
  active: Attempt | null;
}

const meaning: Record<SnapshotStatus | "none", string> = {
  queued: "still being prepared",
  running: "still being prepared",
  ready: "new sessions can start",
  failed: "inspect the setup script and output, then refresh",
  cancelled: "refresh to prepare it",
  removed: "its image was removed; refresh to prepare it again",
  none: "refresh to prepare it",
};

export function versionState({
  usable,
  pinned,
  servingSnapshot,
  latestSnapshot: latest,
}: VersionFacts): VersionState {
  const serving = usable ? servingSnapshot : null;
  const active = latest && isActive(latest.status) ? latest : null;
  if (!serving) {
    const status = latest?.status ?? "none";
    return { status, words: meaning[status], latest, serving: null, later: null, pinned, active };
  }
  const later =
    latest && latest.number > serving.number
      ? {
          ...latest,
          words:
            latest.status === "ready"
              ? `#${latest.number} is ready and not serving`
              : `refresh #${latest.number} ${latest.status}`,
        }
      : null;
  return { status: "ready", words: meaning.ready, latest, serving, later, pinned, active };
}

/** The image of what served is gone: Kiln chose another one, or none was left. Null when nothing was lost. */
export function lossWords({
  servingChoice: choice,
  servingSnapshot: serving,
  latestSnapshot: latest,
}: Pick<VersionFacts, "servingSnapshot" | "latestSnapshot"> & {
  servingChoice: { by: string; reason: string } | null;
}): string | null {
  if (choice?.by !== systemActor.name) return null;
  const then = serving
    ? `#${serving.number} serves again.`
    : latest?.status === "queued"
      ? "A new snapshot is queued."
      : latest?.status === "running"
        ? "A new snapshot is being prepared."
        : "Refresh to prepare a new one.";
  return `${choice.reason.charAt(0).toUpperCase()}${choice.reason.slice(1)}. ${then}`;
}

/** Why no session can start from it, or null when one can. */
export function whyNotUsable(version: number, state: VersionState): string | null {
  if (state.serving) return null;
  if (state.active) return `Version ${version} is still being prepared.`;
  return `Version ${version} has no ready snapshot: ${state.words}.`;
}
