/** The life of a session, as one table; see lib/snapshots/state.ts for how stores use it. */
import { z } from "zod";

export const sessionStatuses = [
  "queued",
  "starting",
  "running",
  "stopping",
  "stopped",
  "failed",
  "deleted",
] as const;
export const sessionStatusSchema = z.enum(sessionStatuses);
export type SessionStatus = z.infer<typeof sessionStatusSchema>;

const transitions: Record<SessionStatus, readonly SessionStatus[]> = {
  queued: ["starting", "stopping", "failed", "deleted"],
  // Back to queued: the worker that was starting it is gone.
  starting: ["queued", "running", "stopping", "failed", "deleted"],
  running: ["stopping", "stopped", "failed", "deleted"],
  stopping: ["stopped", "failed", "deleted"],
  stopped: ["deleted"],
  failed: ["deleted"],
  deleted: [],
};

export function canMove(from: SessionStatus, to: SessionStatus): boolean {
  return transitions[from].includes(to);
}

/** The statuses from which `to` may be entered: the guard of the update that enters it. */
export function sourcesOf(to: SessionStatus): SessionStatus[] {
  return sessionStatuses.filter((from) => canMove(from, to));
}

/** It has, or will have, a container. */
export function isActive(status: SessionStatus): boolean {
  return status === "queued" || status === "starting" || status === "running" || status === "stopping";
}

export const activeStatuses = sessionStatuses.filter(isActive);
