import { CircleAlert, CircleCheck, CircleDashed, type LucideIcon } from "lucide-react";
import { RelativeTime } from "@/components/time/relative-time";
import type { DeliveryWire } from "@/lib/channels/wire";

const looks: Record<DeliveryWire["status"], { Icon: LucideIcon; label: string; className: string }> = {
  sent: { Icon: CircleCheck, label: "Sent", className: "text-ready" },
  pending: { Icon: CircleDashed, label: "On its way", className: "text-muted" },
  failed: { Icon: CircleAlert, label: "Given up", className: "text-failed" },
};

/** How a message fares, why it wasn't taken, and when it is tried again. */
export function DeliveryStatus({
  delivery: { status, attempts, lastError, nextAt },
}: {
  delivery: DeliveryWire;
}) {
  const { Icon, label, className } = looks[status];
  return (
    <span className="flex min-w-0 items-start gap-1.5">
      <Icon className={`mt-0.5 size-3.5 shrink-0 ${className}`} aria-hidden="true" />
      <span className="min-w-0">
        <span className={className}>{label}</span>
        {status === "pending" && attempts > 0 && nextAt ? (
          <span className="text-muted">
            , again <RelativeTime at={nextAt} />
          </span>
        ) : null}
        {lastError ? <span className="block text-xs wrap-anywhere text-muted">{lastError}</span> : null}
      </span>
    </span>
  );
}
