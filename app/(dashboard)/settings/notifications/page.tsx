import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Section } from "@/components/ui/panel";
import { channelsQuery, deliveriesQuery } from "@/lib/channels/queries";
import { canMail, listChannels, listDeliveries } from "@/lib/channels/store.server";
import { requireUser } from "@/lib/web/session.server";
import { ChannelList } from "./channel-list";
import { DeliveryList } from "./delivery-list";
import { NewChannelButton } from "./new-channel";

export const metadata: Metadata = { title: "Channels" };

export default async function NotificationsPage() {
  await requireUser("admin");
  const client = makeQueryClient();
  client.setQueryData(channelsQuery().queryKey, await listChannels());
  client.setQueryData(deliveriesQuery().queryKey, await listDeliveries({ limit: 25 }));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <div className="flex flex-col gap-10">
        <Section
          title="Channels"
          description="Where people and programs hear of what happened: webhooks, Slack’s incoming webhooks or what takes the same, and e-mail."
          actions={<NewChannelButton canMail={canMail()} />}
        >
          <ChannelList />
        </Section>
        <Section
          title="Deliveries"
          description="The last 25 messages. One that isn’t taken is tried again for a day and a half."
        >
          <DeliveryList />
        </Section>
      </div>
    </HydrationBoundary>
  );
}
