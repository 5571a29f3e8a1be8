/**
 * The life of a snapshot, as one table. The store's guarded updates put `sourcesOf(to)` into their `where`,
 * so that this rule and the SQL guard can't drift apart.
 */
import { z } from "zod";

export const snapshotStatuses = ["queued", "running", "ready", "failed", "cancelled", "removed"] as const;
export const snapshotStatusSchema = z.enum(snapshotStatuses);
export type SnapshotStatus = z.infer<typeof snapshotStatusSchema>;

const transitions: Record<SnapshotStatus, readonly SnapshotStatus[]> = {
  queued: ["running", "failed", "cancelled"],
  // Back to queued: its worker was lost or is leaving, and it will be tried again.
  running: ["queued", "ready", "failed", "cancelled"],
  ready: ["removed"],
  failed: [],
  cancelled: [],
  removed: [],
};

export function canMove(from: SnapshotStatus, to: SnapshotStatus): boolean {
  return transitions[from].includes(to);
}

/** The statuses from which `to` may be entered: the guard of the update that enters it. */
export function sourcesOf(to: SnapshotStatus): SnapshotStatus[] {
  return snapshotStatuses.filter((from) => canMove(from, to));
}

/** Somebody will still work on it; at most one such snapshot a version. */
export function isActive(status: SnapshotStatus): boolean {
  return status === "queued" || status === "running";
}

/** Its outcome is known; its log is complete. */
export function isTerminal(status: SnapshotStatus): boolean {
  return !isActive(status);
}

export const activeStatuses = snapshotStatuses.filter(isActive);
