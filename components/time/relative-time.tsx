"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { cn } from "@/components/cn";
import { formatAge } from "@/lib/format";
import { exactTime } from "./exact-time";
import { useNow } from "./now";

/** "3 min ago", with the exact time on hover. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <Tooltip.Trigger
      handle={exactTime}
      payload={time}
      render={<time dateTime={at} className={cn("relative z-1 whitespace-nowrap", className)} />}
    >
      {formatAge(time, now)}
    </Tooltip.Trigger>
  );
}
