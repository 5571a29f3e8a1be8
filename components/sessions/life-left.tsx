"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { exactTime } from "@/components/time/exact-time";
import { useNow } from "@/components/time/now";
import { formatAge } from "@/lib/format";
import { isActive } from "@/lib/sessions/state";
import type { SessionWire } from "@/lib/sessions/wire";

/** "ends in 47 min", with the exact time on hover; nothing for a session that has ended. */
export function LifeLeft({
  session: { status, expiresAt },
}: {
  session: Pick<SessionWire, "status" | "expiresAt">;
}) {
  const active = isActive(status);
  const now = useNow(active);
  if (!active) return <span className="text-muted">–</span>;
  const end = Date.parse(expiresAt);
  return (
    <Tooltip.Trigger
      handle={exactTime}
      payload={end}
      render={<time dateTime={expiresAt} className="relative z-1 whitespace-nowrap" />}
    >
      {end > now ? `ends ${formatAge(end, now)}` : "ending"}
    </Tooltip.Trigger>
  );
}
