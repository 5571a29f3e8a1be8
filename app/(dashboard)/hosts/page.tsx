import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { healthQuery } from "@/lib/hosts/queries";
import { readHealth } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";
import { requireUser } from "@/lib/web/session.server";
import { HostList } from "./host-list";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  await requireUser();
  const client = makeQueryClient();
  client.setQueryData(
    healthQuery().queryKey,
    await readHealth((err) => log.error({ err }, "the workers can't be read")),
  );
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Hosts" }]}>
        <PageHeader
          title="Hosts"
          description="Container engines, and the workers that build and run sandboxes on them."
        />
        <HostList />
      </Page>
    </HydrationBoundary>
  );
}
