"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/cn";
import { IconButton } from "./icon-button";

export const backdropClass =
  "fixed inset-0 z-40 min-h-dvh bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The row of buttons at the bottom; the main one last. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg";
}

const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-4xl" };

/** A question or a small form above the page. Esc and a press outside close it; focus goes back. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = "sm",
}: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4">
          <BaseDialog.Popup
            className={cn(
              "flex max-h-full w-full flex-col rounded-lg border border-border bg-raised shadow-float outline-none",
              "transition-[opacity,scale] data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0",
              widths[size],
            )}
          >
            <DialogHead title={title} description={description} />
            {children ? <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div> : null}
            {footer ? (
              <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</div>
            ) : null}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Title, description and the close button; shared with the sheet. */
export function DialogHead({ title, description }: { title: ReactNode; description?: ReactNode }) {
  return (
    <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
      <div className="flex min-w-0 flex-col gap-1">
        <BaseDialog.Title className="text-lg font-semibold tracking-tight">{title}</BaseDialog.Title>
        {description ? (
          <BaseDialog.Description className="text-sm text-muted">{description}</BaseDialog.Description>
        ) : null}
      </div>
      <BaseDialog.Close render={<IconButton label="Close" icon={<X />} plain className="-mr-2" />} />
    </div>
  );
}
