import { ChevronRight } from "lucide-react";
import { cn } from "@/components/cn";
import { lookOf } from "@/components/status/looks";
import { ReusedFrom } from "@/components/status/reused-from";
import { StatusIcon } from "@/components/status/status-icon";
import { Duration } from "@/components/time/duration";
import { Tag } from "@/components/ui/tag";
import { formatCount } from "@/lib/format";
import type { StepWire } from "@/lib/snapshots/wire";
import type { LogSection } from "./log-store";

export interface StepHeadingProps {
  section: LogSection;
  title: string;
  /** Null for a step of an attempt that was given up. */
  step: StepWire | null;
  attempts: boolean;
  folded: boolean;
  stuck: boolean;
  onToggle: (key: string) => void;
}

/** The heading of a step in the log: folds it, and stays at the top while its lines pass. */
export function StepHeading({ section, title, step, attempts, folded, stuck, onToggle }: StepHeadingProps) {
  const look = lookOf({ of: "step", status: step?.status ?? "skipped" });
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-expanded={!folded}
      onClick={() => onToggle(section.key)}
      className={cn(
        "sticky left-0 flex h-8 w-[100cqw] items-center gap-2 border-y border-transparent bg-sunken pr-4 pl-2 text-left font-sans text-sm select-none -outline-offset-2 hover:bg-hover",
        stuck && "border-b-border bg-surface",
      )}
    >
      <ChevronRight
        className={cn("size-3.5 shrink-0 text-muted transition-transform", !folded && "rotate-90")}
        aria-hidden="true"
      />
      <StatusIcon shape={look.shape} className={step?.reusedFrom ? "text-muted" : look.className} />
      <span className={cn("truncate font-medium", step?.status === "failed" && "text-failed")}>{title}</span>
      <span className="sr-only">{step ? look.word : "given up"}</span>
      {attempts ? <Tag>attempt {section.attempt}</Tag> : null}
      <span className="ml-auto flex shrink-0 items-baseline gap-3 font-mono text-xs text-muted">
        {folded ? (
          <span className="max-sm:hidden">{formatCount(section.to - section.from + 1, "line")}</span>
        ) : null}
        {step?.reusedFrom ? (
          <ReusedFrom step={step} className="font-sans" />
        ) : step?.startedAt ? (
          <Duration from={step.startedAt} to={step.finishedAt} />
        ) : null}
      </span>
    </button>
  );
}
