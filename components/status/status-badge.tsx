import { cn } from "@/components/cn";
import { Duration } from "@/components/time/duration";
import { type AnyStatus, lookOf } from "./looks";
import { StatusIcon } from "./status-icon";

/**
 * A status, everywhere: icon, word and colour. `<StatusBadge status="ready" />` is a snapshot's;
 * others say `of="session" | "step" | "worker" | "host"`. With `since` it counts while the status lasts.
 */
export function StatusBadge({
  since,
  className,
  ...status
}: AnyStatus & { since?: string | null | undefined; className?: string }) {
  const look = lookOf(status);
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 text-sm font-medium whitespace-nowrap",
        look.className,
        className,
      )}
    >
      <StatusIcon shape={look.shape} />
      {look.word}
      {since ? <Duration from={since} className="font-mono text-xs font-normal" /> : null}
    </span>
  );
}
