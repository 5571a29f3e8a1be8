"use client";

import { useRef } from "react";
import { formatDuration } from "@/lib/format";
import type { StepWire } from "@/lib/snapshots/wire";

const verbs: Partial<Record<StepWire["status"], string>> = {
  running: "started",
  done: "done",
  failed: "failed",
};

function tell(step: StepWire): string {
  const took =
    step.startedAt && step.finishedAt
      ? ` after ${formatDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt))}`
      : "";
  return `${step.title} ${verbs[step.status] ?? step.status}${took}.`;
}

// That the steps after a failed one are skipped goes without saying.
const silent = new Set<StepWire["status"]>(["pending", "skipped"]);

/** Reads steps to those who can't see the log, and no lines: the last ones that began or ended. */
export function LogAnnouncer({ steps }: { steps: readonly StepWire[] }) {
  const first = useRef(new Map(steps.map((step) => [step.name, step.status])));
  const moved = steps.filter(
    (step) => !silent.has(step.status) && first.current.get(step.name) !== step.status,
  );
  return (
    <p role="status" className="sr-only">
      {moved.slice(-2).map(tell).join(" ")}
    </p>
  );
}
