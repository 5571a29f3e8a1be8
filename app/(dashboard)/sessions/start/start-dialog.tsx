"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { startSession } from "@/app/actions/sessions";
import { useAction } from "@/app/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Collapse } from "@/components/ui/collapse";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import type { ProfileWire } from "@/lib/profiles/wire";
import { GivenFields } from "./given-fields";
import { emptyForm, isNamedTwice, isPlaced, type StartForm, toInput, tooLong } from "./start-form";
import { VersionField } from "./version-field";

/** Everything that can be chosen when a session is started. */
export function StartDialog({
  profile,
  version,
  onClose,
}: {
  profile: ProfileWire;
  version?: number;
  onClose: () => void;
}) {
  const [form, setForm] = useState<StartForm>(() => emptyForm(version));
  const router = useRouter();
  const start = useAction(startSession, (session) => router.push(`/sessions/${session.id}`));
  const edit = (change: Partial<StartForm>) => setForm((now) => ({ ...now, ...change }));
  const twice = isNamedTwice(form);
  const { persistentPaths, sessionHours, sessionMaxHours } = profile;
  const long = tooLong(form, sessionMaxHours);
  const whyNot = twice ? "Two variables have the same name. Rename or remove one." : (long ?? null);
  const run = () => {
    if (whyNot === null) start.mutate(toInput(profile.id, form));
  };
  const wrong = start.error?.fields ?? [];
  const elsewhere = start.error && (wrong.length === 0 || wrong.some(({ path }) => !isPlaced(path)));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Start a session of ${profile.name}`}
      footer={
        <>
          <Button onClick={onClose}>Not yet</Button>
          <Button
            variant="primary"
            pending={start.isPending || start.isSuccess}
            disabledReason={whyNot}
            onClick={run}
          >
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
        <VersionField profile={profile.slug} value={form.version} onChange={(version) => edit({ version })} />
        <div className="flex flex-col gap-4 sm:flex-row">
          <Field
            label="Name"
            hint="Empty: one that is made up."
            error={start.error?.field("name")}
            className="flex-1"
          >
            <Input
              value={form.name}
              onChange={(event) => edit({ name: event.target.value })}
              autoComplete="off"
            />
          </Field>
          <Field
            label="Lifetime in hours"
            hint={`Empty: ${sessionHours} h. At most ${sessionMaxHours} h.`}
            error={long ?? start.error?.field("hours")}
            className="flex-1"
          >
            <Input
              value={form.hours}
              inputMode="numeric"
              onChange={(event) => edit({ hours: event.target.value })}
              autoComplete="off"
            />
          </Field>
        </div>
        {persistentPaths.length > 0 ? (
          <Checkbox
            checked={form.persistent}
            onCheckedChange={(persistent) => edit({ persistent })}
            label="Persistent"
            hint={`Kept until somebody deletes it: ${persistentPaths.join(", ")}. Everything else can go with its container.`}
          />
        ) : null}
        <Collapse title="Variables and secrets">
          <GivenFields form={form} onEdit={edit} error={start.error} />
        </Collapse>
        {elsewhere ? <Notice kind="failed">{start.error?.message}</Notice> : null}
      </form>
    </Dialog>
  );
}
