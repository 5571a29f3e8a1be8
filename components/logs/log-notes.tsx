import { ArrowDown, TriangleAlert } from "lucide-react";
import { cn } from "@/components/cn";
import { formatCount } from "@/lib/format";

/** Lines came while the reader was elsewhere. */
export function NewLines({
  count,
  raised,
  onClick,
}: {
  count: number;
  /** Something stands below the log that mustn't be covered. */
  raised: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn(
        "absolute left-1/2 z-3 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-ink px-3.5 text-xs font-medium whitespace-nowrap text-on-ink shadow-float",
        raised ? "bottom-14" : "bottom-4",
      )}
    >
      {formatCount(count, "new line")}
      <ArrowDown className="size-3.5" aria-hidden="true" />
    </button>
  );
}

export function MissingLines({ from, to }: { from: number; to: number }) {
  return (
    <p role="alert" className="flex items-center gap-2 border-t bg-failed-soft px-4 py-2 text-xs">
      <TriangleAlert className="size-3.5 shrink-0 text-failed" aria-hidden="true" />
      Lines {from.toLocaleString("en")} to {to.toLocaleString("en")} didn't arrive. Reload the page, or read
      the raw log.
    </p>
  );
}
