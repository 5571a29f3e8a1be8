"use client";

import { History } from "lucide-react";
import { useState } from "react";
import { serveSnapshot } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toast";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** Rolls a version back, or forward, to a snapshot that is ready; nothing where there is nothing to change. */
export function ServeButton({ snapshot, size }: { snapshot: SnapshotWire; size?: "sm" }) {
  const may = useMay("operator");
  const [asking, setAsking] = useState(false);
  const { number, version, status, serving, image } = snapshot;
  if (!may || serving || status !== "ready" || !image || version === null) return null;
  return (
    <>
      <Button icon={<History />} {...(size ? { size } : {})} onClick={() => setAsking(true)}>
        <span>
          Serve<span className="max-sm:sr-only"> this snapshot</span>
        </span>
        <span className="sr-only"> #{number}</span>
      </Button>
      {asking ? (
        <ServeDialog id={snapshot.id} {...{ number, version }} onClose={() => setAsking(false)} />
      ) : null}
    </>
  );
}

function ServeDialog({
  id,
  number,
  version,
  onClose,
}: {
  id: string;
  number: number;
  version: number;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const serve = useAction(serveSnapshot, () => {
    onClose();
    toast({ kind: "ready", title: `New sessions of version ${version} start from #${number}.` });
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Serve snapshot #${number}?`}
      description={`New sessions of version ${version} will start from it. Sessions that run stay as they are. The next refresh that succeeds takes over, unless the version is pinned.`}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          serve.mutate({ id, reason });
        }}
      >
        <Field label="Reason" hint="It is kept in the audit log." error={serve.error?.field("reason")}>
          <Textarea rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {serve.error && serve.error.fields.length === 0 ? (
          <Notice kind="failed">{serve.error.message}</Notice>
        ) : null}
        <Button
          type="submit"
          variant="primary"
          className="self-end"
          pending={serve.isPending}
          disabled={reason.trim() === ""}
        >
          Serve #{number}
        </Button>
      </form>
    </Dialog>
  );
}
