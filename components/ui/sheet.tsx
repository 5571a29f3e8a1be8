"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { cn } from "@/components/cn";
import { backdropClass, DialogHead, type DialogProps } from "./dialog";

const widths = { sm: "sm:max-w-md", md: "sm:max-w-xl", lg: "sm:max-w-4xl" };

/** A panel from the right edge, for what needs room: a diff, a longer form. The whole screen on a phone. */
export function Sheet({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = "md",
}: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Viewport className="fixed inset-0 z-40 flex justify-end overflow-hidden">
          <BaseDialog.Popup
            className={cn(
              "flex h-dvh w-full flex-col border-l bg-raised shadow-float outline-none",
              "transition-[opacity,translate] data-ending-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:translate-x-4 data-starting-style:opacity-0",
              widths[size],
            )}
          >
            <DialogHead title={title} description={description} />
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
            {footer ? (
              <div className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</div>
            ) : null}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
