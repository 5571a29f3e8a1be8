"use client";

import { Tooltip } from "@base-ui/react/tooltip";
import { tooltipClass } from "@/components/ui/tooltip";
import { formatExact } from "@/lib/format";

/** The one tooltip that all times of a page share. */
export const exactTime = Tooltip.createHandle<number>();

/** Mounted once, in the frame. */
export function ExactTimeTooltip() {
  return (
    <Tooltip.Root handle={exactTime}>
      {({ payload }) => (
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} className="z-50">
            <Tooltip.Popup className={tooltipClass}>
              {payload === undefined ? null : formatExact(payload)}
            </Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
}
