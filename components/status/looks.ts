/** What each status of each noun looks like: one table, so that no page makes up its own. */
import type { EngineHealth, WorkerWire } from "@/lib/hosts/wire";
import type { SessionStatus } from "@/lib/sessions/state";
import type { SnapshotStatus } from "@/lib/snapshots/state";
import type { StepStatus } from "@/lib/snapshots/wire";
import type { StatusShape } from "./status-icon";

export interface StatusLook {
  shape: StatusShape;
  word: string;
  className: string;
}

export type AnyStatus =
  | { of?: "snapshot"; status: SnapshotStatus }
  | { of: "session"; status: SessionStatus }
  | { of: "step"; status: StepStatus }
  | { of: "worker"; status: WorkerWire["status"] }
  | { of: "host"; status: EngineHealth["status"] };

const snapshots: Record<SnapshotStatus, StatusLook> = {
  queued: { shape: "circle", word: "queued", className: "text-queued" },
  running: { shape: "ember", word: "running", className: "text-running" },
  ready: { shape: "check", word: "ready", className: "text-ready" },
  failed: { shape: "cross", word: "failed", className: "text-failed" },
  cancelled: { shape: "slash", word: "cancelled", className: "text-cancelled" },
  removed: { shape: "dashed", word: "removed", className: "text-removed" },
};

/** A session that runs isn't hot: it rests, and may for hours. Ember is for what is being made. */
const sessions: Record<SessionStatus, StatusLook> = {
  queued: { shape: "circle", word: "queued", className: "text-queued" },
  starting: { shape: "ember", word: "starting", className: "text-running" },
  running: { shape: "dot", word: "running", className: "text-ready" },
  stopping: { shape: "circle", word: "stopping", className: "text-queued" },
  stopped: { shape: "square", word: "stopped", className: "text-cancelled" },
  expired: { shape: "square", word: "expired", className: "text-cancelled" },
  resuming: { shape: "ember", word: "resuming", className: "text-running" },
  failed: { shape: "cross", word: "failed", className: "text-failed" },
  deleted: { shape: "dashed", word: "deleted", className: "text-removed" },
};

const steps: Record<StepStatus, StatusLook> = {
  pending: { shape: "circle", word: "pending", className: "text-faint" },
  running: { shape: "ember", word: "running", className: "text-running" },
  done: { shape: "check", word: "done", className: "text-ready" },
  failed: { shape: "cross", word: "failed", className: "text-failed" },
  skipped: { shape: "slash", word: "skipped", className: "text-faint" },
};

const workers: Record<WorkerWire["status"], StatusLook> = {
  running: { shape: "dot", word: "running", className: "text-ready" },
  draining: { shape: "circle", word: "draining", className: "text-queued" },
  lost: { shape: "cross", word: "lost", className: "text-failed" },
};

const hosts: Record<EngineHealth["status"], StatusLook> = {
  healthy: { shape: "dot", word: "healthy", className: "text-ready" },
  unhealthy: { shape: "cross", word: "unhealthy", className: "text-failed" },
};

export function lookOf(status: AnyStatus): StatusLook {
  switch (status.of) {
    case "session":
      return sessions[status.status];
    case "step":
      return steps[status.status];
    case "worker":
      return workers[status.status];
    case "host":
      return hosts[status.status];
    default:
      return snapshots[status.status];
  }
}
