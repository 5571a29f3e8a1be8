"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { toast } from "@/components/ui/toast";
import type { SessionWire } from "@/lib/sessions/wire";

/** Deletes the session and what is in it, after asking. */
export function DeleteButton({ session: { id, name, persistent } }: { session: SessionWire }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const remove = useAction(deleteSession, () => {
    toast({ title: `Session ${name} is deleted.` });
    router.push("/sessions");
  });
  return (
    <>
      <Button variant="danger" icon={<Trash2 />} onClick={() => setOpen(true)} aria-label="Delete session">
        <span className="max-sm:hidden">Delete</span>
      </Button>
      <Confirm
        mustType={persistent ? name : undefined}
        open={open}
        onOpenChange={setOpen}
        title={`Delete session ${name}?`}
        confirmLabel="Delete session"
        onConfirm={() => remove.mutate({ id, ...(persistent ? { confirm: name } : {}) })}
        pending={remove.isPending}
        error={remove.error?.message}
      >
        {persistent
          ? "Its container, its persistent folders and their archives go for good. Copy what you need first. The snapshot that it came from stays."
          : "Its container and every file in it go for good. The snapshot that it came from stays."}
      </Confirm>
    </>
  );
}
