import { cn } from "@/components/cn";
import type { StepStatus, StepWire } from "@/lib/snapshots/wire";
import { reusedWords } from "./reused-words";

const fills: Record<StepStatus, string> = {
  pending: "bg-selected",
  running: "bg-accent animate-skeleton",
  done: "bg-muted",
  failed: "bg-failed",
  skipped: "bg-border",
};

/** A build's steps as one thin bar; the setup script, which takes longest, gets most of it. */
export function StepBar({ steps, className }: { steps: readonly StepWire[]; className?: string }) {
  const running = steps.find((step) => step.status === "running");
  const done = steps.filter((step) => step.status === "done" || step.status === "skipped").length;
  return (
    <span
      role="progressbar"
      aria-label="Steps"
      aria-valuemin={0}
      aria-valuemax={steps.length}
      aria-valuenow={done}
      aria-valuetext={
        running ? `${running.title}, step ${done + 1} of ${steps.length}` : `${done} of ${steps.length} steps`
      }
      className={cn("flex h-1 w-full gap-0.5", className)}
    >
      {steps.map((step) => (
        <span
          key={step.name}
          title={[step.title, reusedWords(step)].filter(Boolean).join(", ")}
          className={cn(
            "h-full rounded-full",
            /^setup(:|$)/.test(step.name) ? "flex-4" : "flex-1",
            fills[step.status],
          )}
        />
      ))}
    </span>
  );
}
