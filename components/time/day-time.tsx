"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { useSyncExternalStore } from "react";
import { formatDayTime } from "@/lib/format";
import { exactTime } from "./exact-time";
import { useNow } from "./now";

const never = () => () => undefined;

/** "tomorrow 03:00" where the reader is, with the exact time on hover. The server says UTC first. */
export function DayTime({ at }: { at: string }) {
  const now = useNow(false);
  const time = Date.parse(at);
  const text = useSyncExternalStore(
    never,
    () => formatDayTime(time, now),
    () => formatDayTime(time, now, "UTC"),
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
