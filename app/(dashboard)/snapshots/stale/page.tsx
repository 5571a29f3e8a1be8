import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { makeQueryClient } from "@/app/query-client";
import { Page } from "@/components/frame/page";
import { staleQuery } from "@/lib/upstream/queries";
import { listStale } from "@/lib/upstream/stale.server";
import { requireUser } from "@/lib/web/session.server";
import { StaleList } from "./stale-list";

export const metadata: Metadata = { title: "Out of date" };

export default async function StalePage() {
  await requireUser();
  const client = makeQueryClient();
  client.setQueryData(staleQuery().queryKey, (await listStale()).items);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Snapshots", href: "/snapshots" }, { label: "Out of date" }]}>
        <StaleList />
      </Page>
    </HydrationBoundary>
  );
}
