"use client";

import { useState } from "react";
import { moveSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import type { SessionWire } from "@/lib/sessions/wire";
import { VersionField } from "../start/version-field";

/** Moves a persistent session onto another version of its profile; what it keeps goes along. */
export function MoveToVersion({ session, onClose }: { session: SessionWire; onClose: () => void }) {
  const [version, setVersion] = useState(String(session.version));
  const move = useAction(moveSession, onClose);
  const same = version === String(session.version);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Move to another version"
      description={`${session.name} is on version ${session.version}.`}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            variant="primary"
            pending={move.isPending}
            disabledReason={same ? "It is on this version. Choose another one." : null}
            onClick={() => move.mutate({ id: session.id, version: Number(version) })}
          >
            Move session
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-sm">
        <VersionField
          profile={session.profile.slug}
          value={version}
          onChange={setVersion}
          current={session.version}
        />
        <p className="text-muted">
          Its container is replaced by one from that version’s snapshot. Its persistent folders stay as they
          are, and what the version adds to them is filled from the image. Programs that run in it end.
        </p>
        {move.error ? <Notice kind="failed">{move.error.message}</Notice> : null}
      </div>
    </Dialog>
  );
}
