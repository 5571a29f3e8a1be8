/** The steps as people see them: nothing failed in a build that somebody ended. */
import type { SnapshotWire, StepWire } from "@/lib/snapshots/wire";

export function shownSteps({ status, steps }: Pick<SnapshotWire, "status" | "steps">): StepWire[] {
  if (status !== "cancelled") return steps;
  return steps.map((step) => (step.status === "failed" ? { ...step, status: "skipped" } : step));
}
