import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { History, ListEnd } from "lucide-react";
import type { Metadata } from "next";
import { one, type PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { ButtonLink } from "@/components/ui/button-link";
import { snapshotsQuery } from "@/lib/snapshots/queries";
import { snapshotStatusSchema } from "@/lib/snapshots/state";
import { listSnapshots } from "@/lib/snapshots/store.server";
import { requireUser } from "@/lib/web/session.server";
import { SnapshotFilters } from "./snapshot-filters";
import { SnapshotList } from "./snapshot-list";

export const metadata: Metadata = { title: "Snapshots" };

const LIMIT = 25;

export default async function SnapshotsPage({ searchParams }: PageInput) {
  await requireUser();
  const search = await searchParams;
  const status = snapshotStatusSchema.safeParse(one(search.status)).data;
  const profile = one(search.profile);
  const cursor = one(search.cursor);
  const filter = {
    ...(status ? { status } : {}),
    ...(profile ? { profile } : {}),
    ...(cursor ? { cursor } : {}),
  };
  const client = makeQueryClient();
  await client.prefetchQuery({
    queryKey: snapshotsQuery(filter).queryKey,
    queryFn: () => listSnapshots({ ...filter, limit: LIMIT }),
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page
        crumbs={[{ label: "Snapshots" }]}
        action={
          <>
            <ButtonLink href="/snapshots/stale" icon={<History />}>
              Out of date
            </ButtonLink>
            <ButtonLink href="/queue" icon={<ListEnd />}>
              Queue
            </ButtonLink>
          </>
        }
      >
        <PageHeader
          title="Snapshots"
          description="Every build of every version and every try of a draft, newest first."
        />
        <div className="flex flex-col gap-4">
          <SnapshotFilters filter={filter} />
          <SnapshotList filter={filter} />
        </div>
      </Page>
    </HydrationBoundary>
  );
}
