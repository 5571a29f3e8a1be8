"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteHook } from "@/app/actions/hooks";
import { useAction } from "@/app/use-action";
import { CopyButton } from "@/components/copy-button/copy-button";
import { useMay } from "@/components/frame/user-context";
import { RelativeTime } from "@/components/time/relative-time";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { hooksQuery } from "@/lib/hooks/queries";
import type { HookOutcome, HookWire } from "@/lib/hooks/wire";
import { useProfile } from "../use-profile";
import { NewHook } from "./new-hook";

const outcomes: Record<HookOutcome, string> = {
  queued: "a refresh was queued",
  joined: "a refresh was on its way already",
  waits: "a refresh follows",
  repeated: "taken before",
  ignored: "nothing to do",
};

/** The addresses that others post to when this profile should be refreshed. */
export function HookList({ slug }: { slug: string }) {
  const mayUse = useMay("operator");
  const { archivedAt, hookWaitingSince } = useProfile(slug);
  const { data: hooks = [], error } = useQuery({ ...hooksQuery(slug), enabled: mayUse });
  const [adding, setAdding] = useState(false);
  if (!mayUse) return null;
  return (
    <Section
      title="Incoming webhooks"
      description="Your forge or your pipeline posts to such an address, signed with its key, and the version that sessions start from is refreshed."
      actions={
        archivedAt ? null : (
          <Button icon={<Plus />} onClick={() => setAdding(true)}>
            New webhook
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {error ? <Notice kind="failed">{error.message}</Notice> : null}
        {hookWaitingSince ? (
          <p className="text-sm">
            A refresh that a webhook asked for <RelativeTime at={hookWaitingSince} /> waits for its turn.
          </p>
        ) : null}
        {hooks.length > 0 ? (
          <ul className="divide-y rounded-md border">
            {hooks.map((hook) => (
              <HookRow key={hook.id} slug={slug} hook={hook} />
            ))}
          </ul>
        ) : null}
      </div>
      {adding ? <NewHook slug={slug} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function HookRow({ slug, hook }: { slug: string; hook: HookWire }) {
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const remove = useAction(deleteHook, () => {
    toast({ title: `${hook.name} is deleted.` });
    void client.invalidateQueries({ queryKey: hooksQuery(slug).queryKey });
  });
  return (
    <li className="flex items-start justify-between gap-3 px-3 py-2.5">
      <div className="flex min-w-0 flex-col gap-1">
        <span className="text-sm font-medium wrap-anywhere">{hook.name}</span>
        <span className="flex items-center gap-1">
          <code className="min-w-0 truncate font-mono text-xs text-muted" title={hook.path}>
            {hook.path}
          </code>
          <CopyButton
            label={`Copy the address of ${hook.name}`}
            value={async () => new URL(hook.path, window.location.href).href}
          />
        </span>
        <span className="text-xs text-muted">
          {hook.lastAt && hook.lastOutcome ? (
            <>
              Last message <RelativeTime at={hook.lastAt} />: {outcomes[hook.lastOutcome]}
            </>
          ) : (
            "No message yet"
          )}
        </span>
      </div>
      <IconButton
        label={`Delete ${hook.name}`}
        icon={<Trash2 />}
        size="sm"
        plain
        onClick={() => setDeleting(true)}
      />
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${hook.name}?`}
        confirmLabel="Delete webhook"
        onConfirm={() => remove.mutate({ profile: slug, id: hook.id })}
        pending={remove.isPending}
        error={remove.error?.message}
      >
        Messages to its address are refused from then on.
      </Confirm>
    </li>
  );
}
