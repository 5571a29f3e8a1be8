import { Scissors } from "lucide-react";
import { formatCount, formatSize } from "@/lib/format";
import type { LogCut } from "@/lib/snapshots/wire";

/** Stands for the lines that the log has lost, and says how many. */
export function CutRow({ cut }: { cut: LogCut }) {
  return (
    <p className="sticky left-0 flex h-8 w-[100cqw] items-center gap-2 border-y border-dashed border-border-strong bg-surface px-4 font-sans text-xs text-muted">
      <Scissors className="size-3.5 shrink-0" aria-hidden="true" />
      <span className="truncate">
        {formatCount(cut.to - cut.from + 1, "line")} ({formatSize(cut.bytes)}) are missing here: the log was
        longer than what is kept. Its beginning and its end are.
      </span>
    </p>
  );
}
