import { Recycle } from "lucide-react";
import { cn } from "@/components/cn";

/** In place of a duration: this step wasn't done again, since nothing of it or before it had changed. */
export function ReusedFrom({ number, className }: { number: number; className?: string }) {
  return (
    <span className={cn("inline-flex shrink-0 items-center gap-1 text-xs text-muted", className)}>
      <Recycle className="size-3.5 shrink-0" aria-hidden="true" />
      <span>
        reused from <span className="font-mono">#{number}</span>
      </span>
    </span>
  );
}
