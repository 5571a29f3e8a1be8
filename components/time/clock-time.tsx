"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { useSyncExternalStore } from "react";
import { formatClock } from "@/lib/format";
import { exactTime } from "./exact-time";

const never = () => () => undefined;

/** "14:32" where the reader is, with the date on hover. The server, which can't know where that is, says UTC first. */
export function ClockTime({ at }: { at: string }) {
  const time = Date.parse(at);
  const text = useSyncExternalStore(
    never,
    () => formatClock(time),
    () => formatClock(time, "UTC"),
  );
  return (
    <Tooltip.Trigger
      handle={exactTime}
      payload={time}
      render={<time dateTime={at} className="relative z-1 whitespace-nowrap" />}
    >
      {text}
    </Tooltip.Trigger>
  );
}
