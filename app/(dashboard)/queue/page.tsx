import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { queueQuery } from "@/lib/queue/queries";
import { listQueue } from "@/lib/queue/queue.server";
import { requireUser } from "@/lib/web/session.server";
import { QueueView } from "./queue-view";

export const metadata: Metadata = { title: "Queue" };

export default async function QueuePage() {
  await requireUser();
  const client = makeQueryClient();
  client.setQueryData(queueQuery().queryKey, await listQueue());
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Snapshots", href: "/snapshots" }, { label: "Queue" }]}>
        <PageHeader
          title="Queue"
          description="What is being built, and what waits, in its order. What a person asked for comes before what nobody waits for."
        />
        <QueueView />
      </Page>
    </HydrationBoundary>
  );
}
