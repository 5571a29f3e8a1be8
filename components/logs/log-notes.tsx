import { ArrowDown, TriangleAlert } from "lucide-react";
import { formatCount } from "@/lib/format";

/** Lines came while the reader was elsewhere. */
export function NewLines({ count, onClick }: { count: number; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute bottom-4 left-1/2 z-3 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-ink px-3.5 text-xs font-medium whitespace-nowrap text-on-ink shadow-float"
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
