"use client";

import { useQuery } from "@tanstack/react-query";
import { BellRing, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteChannel, testChannel } from "@/app/actions/channels";
import { useAction } from "@/app/use-action";
import { eventLabel } from "@/components/channels/event-words";
import { Button } from "@/components/ui/button";
import { Confirm } from "@/components/ui/confirm";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import { toast } from "@/components/ui/toast";
import { channelsQuery } from "@/lib/channels/queries";
import type { ChannelWire } from "@/lib/channels/wire";

/** The channels, each with a test and a way to get rid of it. */
export function ChannelList() {
  const { data, error } = useQuery(channelsQuery());
  if (error) return <Notice kind="failed">{error.message}</Notice>;
  if (!data || data.items.length === 0)
    return (
      <EmptyState icon={<BellRing />} title="Nobody is told yet">
        With a channel, a failed refresh is heard of where people are: in their chat, or by a program of
        yours.
      </EmptyState>
    );
  return (
    <Table label="Channels">
      <thead>
        <tr>
          <Th>Channel</Th>
          <Th className="max-md:hidden">Events</Th>
          <Th className="w-40 text-right max-sm:w-32">
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {data.items.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} />
        ))}
      </tbody>
    </Table>
  );
}

const kindLabels: Record<ChannelWire["kind"], string> = {
  slack: "Slack",
  webhook: "Webhook",
  email: "E-mail",
};

function ChannelRow({ channel }: { channel: ChannelWire }) {
  const [deleting, setDeleting] = useState(false);
  const test = useAction(testChannel, () => toast({ title: `A test is on its way to ${channel.name}.` }));
  const remove = useAction(deleteChannel, () => toast({ title: `${channel.name} is deleted.` }));
  return (
    <Tr>
      <Td>
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {channel.name}
          <Tag>{kindLabels[channel.kind]}</Tag>
          {channel.allowPrivate ? <Tag>Own network</Tag> : null}
        </span>
        <span className="block truncate font-mono text-xs text-muted" title={channel.url}>
          {channel.url}
        </span>
        {channel.profiles.length > 0 ? (
          <span className="block text-xs wrap-anywhere text-muted">
            Only {channel.profiles.map(({ name }) => name).join(", ")}
          </span>
        ) : null}
      </Td>
      <Td className="text-muted max-md:hidden">{channel.events.map(eventLabel).join(" · ")}</Td>
      <Td>
        <span className="flex items-center justify-end gap-1">
          <Button
            size="sm"
            pending={test.isPending}
            aria-label={`Send a test to ${channel.name}`}
            onClick={() => test.mutate({ id: channel.id })}
          >
            Send test
          </Button>
          <IconButton
            label={`Delete ${channel.name}`}
            icon={<Trash2 />}
            size="sm"
            plain
            onClick={() => setDeleting(true)}
          />
        </span>
        <Confirm
          open={deleting}
          onOpenChange={setDeleting}
          title={`Delete ${channel.name}?`}
          confirmLabel="Delete channel"
          onConfirm={() => remove.mutate({ id: channel.id })}
          pending={remove.isPending}
          error={remove.error?.message}
        >
          Nothing is sent to it any more, and what waits to be sent isn’t either. The record of what was sent
          goes with it.
        </Confirm>
      </Td>
    </Tr>
  );
}
