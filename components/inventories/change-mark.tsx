import { ArrowRight, Minus, Plus } from "lucide-react";
import { cn } from "@/components/cn";

export type ChangeKind = "added" | "removed" | "changed";

const looks = {
  added: { Icon: Plus, word: "Added", className: "text-ready" },
  removed: { Icon: Minus, word: "Removed", className: "text-failed" },
  changed: { Icon: ArrowRight, word: "Changed", className: "text-muted" },
};

/** What became of it: told by icon and word, not only by colour. */
export function ChangeMark({ kind, compact = false }: { kind: ChangeKind; compact?: boolean }) {
  const { Icon, word, className } = looks[kind];
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", className)}>
      <Icon className="size-3.5 shrink-0" aria-hidden="true" />
      <span className={compact ? "sr-only" : undefined}>{word}</span>
    </span>
  );
}
