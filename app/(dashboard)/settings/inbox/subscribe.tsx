"use client";

import { type FormEvent, useState } from "react";
import { subscribe } from "@/app/actions/inbox";
import { useAction } from "@/app/use-action";
import { EventChoice } from "@/components/channels/event-choice";
import { type ChosenProfile, ProfileChoice } from "@/components/profiles/profile-choice";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import type { SubscriptionWire } from "@/lib/inbox/wire";

const FORM = "subscribe";

/** Asks of what to tell. Of one that is there only the events change. */
export function Subscribe({
  subscription,
  onClose,
}: {
  subscription?: SubscriptionWire;
  onClose: () => void;
}) {
  const [events, setEvents] = useState(subscription?.events ?? []);
  const [profiles, setProfiles] = useState<ChosenProfile[]>(
    subscription?.profile ? [subscription.profile] : [],
  );
  const save = useAction(subscribe, () => {
    toast({ kind: "ready", title: "You are told from now on." });
    onClose();
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ profiles: profiles.map(({ id }) => id), events });
  };
  const title = subscription ? `Tell me of ${subscription.profile?.name ?? "all profiles"}` : "Also tell me";
  const elsewhere = save.error && !save.error.field("events") ? save.error.message : null;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="md"
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" pending={save.isPending}>
            {subscription ? "Save events" : "Tell me"}
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <EventChoice chosen={events} onChange={setEvents} error={save.error?.field("events")} />
        {subscription ? null : (
          <ProfileChoice
            chosen={profiles}
            onChange={setProfiles}
            hint="None: all profiles. Secrets, hosts and workers are no profile’s: choose none for those."
          />
        )}
        {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
      </form>
    </Dialog>
  );
}
