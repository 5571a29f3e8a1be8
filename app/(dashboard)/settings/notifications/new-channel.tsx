"use client";

import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { createChannel } from "@/app/actions/channels";
import { useAction } from "@/app/use-action";
import { EventChoice } from "@/components/channels/event-choice";
import { ShownOnce } from "@/components/copy-button/shown-once";
import { type ChosenProfile, ProfileChoice } from "@/components/profiles/profile-choice";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import type { ChannelEvent, ChannelKind } from "@/lib/channels/wire";

const FORM = "new-channel";
const kinds = [
  { value: "webhook", label: "Webhook", hint: "JSON, signed in the manner of Standard Webhooks." },
  { value: "slack", label: "Slack", hint: "An incoming webhook of Slack, or of what takes the same." },
  { value: "email", label: "E-mail", hint: "To one address, or to several." },
] as const;
const usual: ChannelEvent[] = ["snapshot.first_failure", "snapshot.recovered", "schedule.paused"];

export function NewChannelButton({ canMail }: { canMail: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus />} onClick={() => setOpen(true)}>
        New channel
      </Button>
      {open ? <NewChannel canMail={canMail} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function NewChannel({ canMail, onClose }: { canMail: boolean; onClose: () => void }) {
  const [kind, setKind] = useState<ChannelKind>("webhook");
  const [chosen, setChosen] = useState(usual);
  const [allowPrivate, setAllowPrivate] = useState(false);
  const [profiles, setProfiles] = useState<ChosenProfile[]>([]);
  const create = useAction(createChannel, ({ name, signingKey }) => {
    if (signingKey !== null) return;
    toast({ kind: "ready", title: `${name} is told from now on.` });
    onClose();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value : "";
    };
    const common = { name: text("name"), events: chosen, profiles: profiles.map(({ id }) => id) };
    create.mutate(
      kind === "email"
        ? { kind, address: text("address"), ...common }
        : { kind, url: text("url"), allowPrivate, ...common },
    );
  };
  if (create.data?.signingKey)
    return (
      <ShownOnce
        what="signing key"
        description="With it the receiver knows that a message is Kiln’s. Nobody can show it to you again."
        value={create.data.signingKey}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="md"
      title="New channel"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={create.isPending}>
            Create channel
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Kind" nativeLabel={false}>
          <Select value={kind} onValueChange={setKind} options={kinds} />
        </Field>
        <Field label="Name" error={create.error?.field("name")}>
          <Input name="name" autoComplete="off" autoFocus placeholder="Platform team" />
        </Field>
        {kind === "email" ? (
          <Field
            label="Addresses"
            hint="Up to 10, with commas between them."
            error={create.error?.fields.find(({ path }) => path.startsWith("address"))?.message}
          >
            <Input name="address" autoComplete="off" inputMode="email" placeholder="team@example.com" />
          </Field>
        ) : (
          <Field
            label="Address"
            hint="It is kept encrypted, and shown in part only."
            error={create.error?.field("url")}
          >
            <Input
              name="url"
              type="url"
              mono
              autoComplete="off"
              placeholder="https://example.com/hooks/kiln"
            />
          </Field>
        )}
        {kind === "email" && !canMail ? (
          <Notice kind="info">
            This installation can’t send e-mail yet: set KILN_SMTP_URL and KILN_MAIL_FROM, then start it
            again.
          </Notice>
        ) : null}
        <EventChoice chosen={chosen} onChange={setChosen} error={create.error?.field("events")} />
        <ProfileChoice
          chosen={profiles}
          onChange={setProfiles}
          hint="None: all profiles. With some, it doesn’t hear of secrets, hosts and workers."
        />
        {kind === "email" ? null : (
          <Checkbox
            checked={allowPrivate}
            onCheckedChange={setAllowPrivate}
            label="It is within our own network"
            hint="Otherwise addresses of this machine and of private networks are refused, so that nobody reaches inside by a channel."
          />
        )}
        {create.error && create.error.fields.length === 0 ? (
          <Notice kind="failed">{create.error.message}</Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
