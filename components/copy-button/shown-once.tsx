"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { CopyTextButton } from "./copy-button";

/** The one time that something secret can be read. */
export function ShownOnce({
  what,
  description,
  value,
  onClose,
}: {
  /** Its name in the middle of a sentence: "signing key". */
  what: string;
  description: string;
  value: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Copy the ${what} now`}
      description={description}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="flex flex-col items-start gap-3">
        <code className="w-full rounded-md border bg-sunken px-3 py-2 font-mono text-xs break-all">
          {value}
        </code>
        <CopyTextButton value={value} label={`Copy ${what}`} />
      </div>
    </Dialog>
  );
}
