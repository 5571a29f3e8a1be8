import { StepBar } from "@/components/status/step-bar";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** A build that waits or runs, in two thin lines: its steps, and the last thing it said. */
export function BuildProgress({ snapshot }: { snapshot: SnapshotWire }) {
  const step = snapshot.steps.find(({ status }) => status === "running");
  const doing = snapshot.cancelRequestedAt ? "Being cancelled" : step ? step.title : "Waiting for a worker";
  return (
    <div className="flex max-w-2xl flex-col gap-1.5">
      <StepBar steps={snapshot.steps} />
      <p className="flex min-w-0 items-baseline gap-2 text-xs text-muted">
        <span className="shrink-0 font-medium text-ink">{doing}</span>
        <span className="min-w-0 truncate font-mono">{snapshot.log.lastLine}</span>
      </p>
    </div>
  );
}
