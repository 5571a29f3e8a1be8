"use client";

import { Popover as BasePopover } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/components/cn";

/** A small panel beside what opened it, for more than a tooltip holds. */
export function Popover({
  trigger,
  title,
  children,
  align = "start",
  className,
}: {
  trigger: ReactElement;
  /** Names the panel; shown as its heading. */
  title: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
  className?: string;
}) {
  return (
    <BasePopover.Root>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner sideOffset={6} align={align} collisionPadding={12} className="z-50">
          <BasePopover.Popup
            className={cn(
              "flex max-w-[min(24rem,var(--available-width))] flex-col gap-2 rounded-lg border border-border bg-raised p-4 text-sm shadow-float outline-none transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0",
              className,
            )}
          >
            <BasePopover.Title className="font-medium">{title}</BasePopover.Title>
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
