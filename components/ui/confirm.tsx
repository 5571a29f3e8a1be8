"use client";

import { AlertDialog } from "@base-ui/react/alert-dialog";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import { backdropClass } from "./dialog";
import { Field } from "./field";
import { Input } from "./input";
import { Notice } from "./notice";

export interface ConfirmProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, and what will stay. */
  children: ReactNode;
  /** The verb and the object: "Archive profile". */
  confirmLabel: string;
  keepLabel?: string;
  onConfirm: () => void;
  pending?: boolean;
  /** What has to be typed first: for what can't be brought back by anybody. */
  mustType?: string | undefined;
  error?: string | undefined;
}

/** Asks before something that can't be taken back. A press outside doesn't close it. */
export function Confirm({
  open,
  onOpenChange,
  title,
  children,
  confirmLabel,
  keepLabel = "Keep it",
  onConfirm,
  pending = false,
  mustType,
  error,
}: ConfirmProps) {
  const [typed, setTyped] = useState("");
  const ready = mustType === undefined || typed.trim() === mustType;
  const change = (next: boolean) => {
    setTyped("");
    onOpenChange(next);
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-4">
          <AlertDialog.Popup className="flex w-full max-w-md flex-col gap-3 rounded-lg border border-border bg-raised p-5 shadow-float outline-none transition-[opacity,scale] data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0">
            <AlertDialog.Title className="text-lg font-semibold tracking-tight">{title}</AlertDialog.Title>
            <AlertDialog.Description className="text-sm text-muted">{children}</AlertDialog.Description>
            {mustType === undefined ? null : (
              <Field label={`Type ${mustType} to confirm`}>
                <Input
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                />
              </Field>
            )}
            {error ? <Notice kind="failed">{error}</Notice> : null}
            <div className="mt-2 flex flex-wrap justify-end gap-2">
              <AlertDialog.Close render={<Button>{keepLabel}</Button>} />
              <Button variant="danger" onClick={onConfirm} pending={pending} disabled={!ready}>
                {confirmLabel}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
