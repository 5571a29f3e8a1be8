import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { one, type PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { sessionsQuery } from "@/lib/sessions/queries";
import { listSessions } from "@/lib/sessions/store.server";
import { requireUser } from "@/lib/web/session.server";
import { StartAny } from "../start/start-any";
import { SessionList } from "./session-list";

export const metadata: Metadata = { title: "Sessions" };

const LIMIT = 25;

export default async function SessionsPage({ searchParams }: PageInput) {
  await requireUser();
  const search = await searchParams;
  const profile = one(search.profile);
  const cursor = one(search.cursor);
  const filter = { ...(profile ? { profile } : {}), ...(cursor ? { cursor } : {}) };
  const client = makeQueryClient();
  await client.prefetchQuery({
    queryKey: sessionsQuery(filter).queryKey,
    queryFn: () => listSessions({ ...filter, limit: LIMIT }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page crumbs={[{ label: "Sessions" }]} action={<StartAny />}>
        <PageHeader title="Sessions" description="Sandboxes that were started from a snapshot." />
        <SessionList filter={filter} />
      </Page>
    </HydrationBoundary>
  );
}
