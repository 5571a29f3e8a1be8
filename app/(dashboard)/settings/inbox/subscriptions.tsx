"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { unsubscribe } from "@/app/actions/inbox";
import { useAction } from "@/app/use-action";
import { eventLabel } from "@/components/channels/event-words";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Panel, Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { wishesQuery } from "@/lib/inbox/queries";
import type { SubscriptionWire } from "@/lib/inbox/wire";
import { Subscribe } from "./subscribe";

/** What the person wants to hear of beyond the usual. */
export function Subscriptions() {
  const { data } = useQuery(wishesQuery());
  /** What is being changed; "new" for another one. */
  const [editing, setEditing] = useState<SubscriptionWire | "new" | null>(null);
  const subscriptions = data?.subscriptions ?? [];
  return (
    <Section
      title="Also tell me"
      description="Further events, of all profiles or of those that you choose."
      actions={
        <Button icon={<Plus />} onClick={() => setEditing("new")}>
          Add events
        </Button>
      }
    >
      {subscriptions.length === 0 ? (
        <p className="text-sm text-muted">Nothing beyond the usual yet.</p>
      ) : (
        <Panel aria-label="Subscriptions">
          <ul className="divide-y">
            {subscriptions.map((each) => (
              <Line key={each.id} subscription={each} onChange={() => setEditing(each)} />
            ))}
          </ul>
        </Panel>
      )}
      {editing ? (
        <Subscribe
          {...(editing === "new" ? {} : { subscription: editing })}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Section>
  );
}

function Line({
  subscription: { id, profile, events },
  onChange,
}: {
  subscription: SubscriptionWire;
  onChange: () => void;
}) {
  const name = profile?.name ?? "All profiles";
  const remove = useAction(unsubscribe, () => toast({ title: `${name}: back to the usual.` }));
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium wrap-anywhere">{name}</p>
        <p className="text-sm text-muted">{events.map(eventLabel).join(" · ")}</p>
        {remove.error ? <Notice kind="failed">{remove.error.message}</Notice> : null}
      </div>
      <Button size="sm" aria-label={`Change ${name}`} onClick={onChange}>
        Change
      </Button>
      <IconButton
        label={`Remove ${name}`}
        icon={<Trash2 />}
        size="sm"
        plain
        pending={remove.isPending}
        onClick={() => remove.mutate({ id })}
      />
    </li>
  );
}
