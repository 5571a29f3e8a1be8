"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { startSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import type { ProfileWire } from "@/lib/profiles/wire";

/** Asked where a session may be persistent. */
export function StartDialog({ profile, onClose }: { profile: ProfileWire; onClose: () => void }) {
  const [persistent, setPersistent] = useState(false);
  const [name, setName] = useState("");
  const router = useRouter();
  const start = useAction(startSession, (session) => router.push(`/sessions/${session.id}`));
  const run = () =>
    start.mutate({
      profile: profile.id,
      persistent,
      ...(name.trim() === "" ? {} : { name: name.trim() }),
    });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Start a session of ${profile.name}`}
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button variant="primary" pending={start.isPending || start.isSuccess} onClick={run}>
            Start session
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Field label="Name" hint="Leave it empty for one that is made up." error={start.error?.field("name")}>
          <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
        <Checkbox
          checked={persistent}
          onCheckedChange={setPersistent}
          label="Persistent"
          hint={`Kept until somebody deletes it: ${profile.persistentPaths.join(", ")}. Everything else can go with its container.`}
        />
        {start.error && !start.error.field("name") ? (
          <Notice kind="failed">{start.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
