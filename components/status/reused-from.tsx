import { Recycle } from "lucide-react";
import { cn } from "@/components/cn";
import type { StepWire } from "@/lib/snapshots/wire";
import { reusedWords, shortReusedWords } from "./reused-words";

/** In place of a duration: this step wasn't done again, since nothing of it or before it had changed. */
export function ReusedFrom({
  step,
  short = false,
  className,
}: {
  step: StepWire;
  /** Where there is little room: the rest is in its tooltip. */
  short?: boolean;
  className?: string;
}) {
  const words = reusedWords(step);
  return (
    <span
      title={words ?? undefined}
      className={cn("flex min-w-0 items-center gap-1 text-xs text-muted", className)}
    >
      <Recycle className="size-3.5 shrink-0" aria-hidden="true" />
      <span className="truncate">{short ? shortReusedWords(step) : words}</span>
    </span>
  );
}
