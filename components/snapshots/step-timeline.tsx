import type { MouseEvent } from "react";
import { cn } from "@/components/cn";
import { lookOf } from "@/components/status/looks";
import { ReusedFrom } from "@/components/status/reused-from";
import { StatusIcon } from "@/components/status/status-icon";
import { Duration } from "@/components/time/duration";
import type { StepWire } from "@/lib/snapshots/wire";

/** The steps, from top to bottom in time. A step that has spoken is a link to its first line in the log. */
export function StepTimeline({
  steps,
  onJump,
}: {
  steps: readonly StepWire[];
  onJump: (line: number) => void;
}) {
  return (
    <ol className="flex flex-col">
      {steps.map((step, index) => (
        <li key={step.name} className="relative">
          {index < steps.length - 1 ? (
            <span
              aria-hidden="true"
              className="absolute top-[1.375rem] -bottom-1 left-[0.9375rem] w-px bg-border-strong"
            />
          ) : null}
          <Entry step={step} onJump={onJump} />
        </li>
      ))}
    </ol>
  );
}

const rowClass = "relative flex h-8 w-full items-center gap-2.5 rounded-md px-2 text-sm";

function Entry({ step, onJump }: { step: StepWire; onJump: (line: number) => void }) {
  const line = step.firstLine;
  if (line === null) {
    return (
      <div className={rowClass}>
        <Content step={step} />
      </div>
    );
  }
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    onJump(line);
  };
  return (
    <a href={`#L${line}`} onClick={follow} className={cn(rowClass, "transition-colors hover:bg-hover")}>
      <Content step={step} />
    </a>
  );
}

function Content({ step }: { step: StepWire }) {
  const look = lookOf({ of: "step", status: step.status });
  const idle = step.status === "pending" || step.status === "skipped";
  return (
    <>
      {/* The icon stands on the line: it needs the ground behind it. */}
      <span className="flex size-4 items-center justify-center rounded-full bg-background">
        <StatusIcon shape={look.shape} className={step.reusedFrom ? "text-muted" : look.className} />
      </span>
      <span
        className={cn(
          "truncate",
          (idle || step.reusedFrom) && "text-muted",
          step.status === "running" && "font-medium",
          step.status === "failed" && "font-medium text-failed",
        )}
      >
        {step.title}
      </span>
      <span className="sr-only">{look.word}</span>
      {step.reusedFrom ? (
        <ReusedFrom short step={step} className="ml-auto max-w-3/5 shrink-0" />
      ) : step.startedAt ? (
        <Duration
          from={step.startedAt}
          to={step.finishedAt}
          className="ml-auto font-mono text-xs text-muted"
        />
      ) : null}
    </>
  );
}
