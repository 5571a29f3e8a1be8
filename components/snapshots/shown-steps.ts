/** The steps as people see them: nothing failed in a build that somebody ended, and no step leads into a log that is gone. */
import type { SnapshotWire, StepWire } from "@/lib/snapshots/wire";

type Shown = Pick<SnapshotWire, "status" | "steps"> & { log: Pick<SnapshotWire["log"], "expiredAt"> };

export function shownSteps({ status, steps, log }: Shown): StepWire[] {
  return steps.map((step) => ({
    ...step,
    status: status === "cancelled" && step.status === "failed" ? "skipped" : step.status,
    firstLine: log.expiredAt ? null : step.firstLine,
  }));
}
