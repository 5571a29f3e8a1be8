import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { healthQuery, hostsQuery } from "@/lib/hosts/queries";
import { listHosts, readHealth } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";
import { requireUser } from "@/lib/web/session.server";
import { HostList } from "./host-list";
import { SweepPanel } from "./sweep-panel";

export const metadata: Metadata = { title: "Hosts" };

export default async function HostsPage() {
  await requireUser();
  const client = makeQueryClient();
  client.setQueryData(
    healthQuery().queryKey,
    await readHealth((err) => log.error({ err }, "the workers can't be read")),
  );
  await client.prefetchQuery({
    ...hostsQuery(),
    queryFn: async () => ({ items: await listHosts(), nextCursor: null }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Hosts" }]}>
        <PageHeader
          title="Hosts"
          description="Container engines, and the workers that build and run sandboxes on them."
        />
        <div className="flex flex-col gap-10">
          <HostList />
          <SweepPanel />
        </div>
      </Page>
    </HydrationBoundary>
  );
}
