/** The life of a session, as one table; see lib/snapshots/state.ts for how stores use it. */
import { z } from "zod";

export const sessionStatuses = [
  "queued",
  "starting",
  "running",
  "stopping",
  "stopped",
  "expired",
  "resuming",
  "failed",
  "deleted",
] as const;
export const sessionStatusSchema = z.enum(sessionStatuses);
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

const transitions: Record<SessionStatus, readonly SessionStatus[]> = {
  queued: ["starting", "stopping", "failed", "deleted"],
  // Back to queued: the worker that was starting it is gone.
  starting: ["queued", "running", "stopping", "failed", "deleted"],
  // Resuming, queued: a persistent one moves to another snapshot, or lost its container and starts anew.
  running: ["stopping", "stopped", "resuming", "queued", "failed", "deleted"],
  stopping: ["stopped", "expired", "failed", "deleted"],
  // Queued: it was stopped before it had a container, so it starts from the snapshot.
  stopped: ["resuming", "queued", "deleted"],
  expired: ["resuming", "queued", "deleted"],
  resuming: ["running", "queued", "stopping", "failed", "deleted"],
  // A persistent one's files are there still: it can be tried again.
  failed: ["resuming", "queued", "deleted"],
  deleted: [],
};

export function canMove(from: SessionStatus, to: SessionStatus): boolean {
  return transitions[from].includes(to);
}

/** The statuses from which `to` may be entered: the guard of the update that enters it. */
export function sourcesOf(to: SessionStatus): SessionStatus[] {
  return sessionStatuses.filter((from) => canMove(from, to));
}

/** It runs, or is on its way there or back. */
export function isActive(status: SessionStatus): boolean {
  return (
    status === "queued" ||
    status === "starting" ||
    status === "running" ||
    status === "stopping" ||
    status === "resuming"
  );
}

export const activeStatuses = sessionStatuses.filter(isActive);

/** Can it be taken up again? A persistent one also after a failure: its files outlive its container. */
export const isResumable = ({
  status,
  persistent,
}: {
  status: SessionStatus;
  persistent: boolean;
}): boolean => isKept(status) || (persistent && status === "failed");

/** It doesn't run, and its files are kept: it can be taken up again. */
export const isKept = (status: SessionStatus): boolean => status === "stopped" || status === "expired";
