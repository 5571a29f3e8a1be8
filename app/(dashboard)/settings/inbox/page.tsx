import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Section } from "@/components/ui/panel";
import { wishesQuery } from "@/lib/inbox/queries";
import { readWishes } from "@/lib/inbox/wishes.server";
import { requireUser } from "@/lib/web/session.server";
import { Defaults } from "./defaults";
import { Subscriptions } from "./subscriptions";

export const metadata: Metadata = { title: "Your notifications" };

export default async function YourNotificationsPage() {
  const { id } = await requireUser();
  const client = makeQueryClient();
  client.setQueryData(wishesQuery().queryKey, await readWishes(id));
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <div className="flex max-w-2xl flex-col gap-10">
        <Section title="The usual" description="You hear of these in your inbox without asking.">
          <Defaults />
        </Section>
        <Subscriptions />
      </div>
    </HydrationBoundary>
  );
}
