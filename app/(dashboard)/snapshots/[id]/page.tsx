import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page } from "@/components/frame/page";
import { nameOf } from "@/components/snapshots/words";
import { AppError } from "@/lib/errors";
import { snapshotQuery } from "@/lib/snapshots/queries";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { requireUser } from "@/lib/web/session.server";
import { SnapshotActions } from "./snapshot-actions";
import { SnapshotView } from "./snapshot-view";

const find = cache(async (id: string) => {
  try {
    return await getSnapshot(id);
  } catch (error) {
    if (error instanceof AppError && error.status === 404) notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: PageInput<{ id: string }>): Promise<Metadata> {
  await requireUser();
  return { title: nameOf(await find((await params).id)) };
}

export default async function SnapshotPage({ params }: PageInput<{ id: string }>) {
  await requireUser();
  const snapshot = await find((await params).id);
  const client = makeQueryClient();
  client.setQueryData(snapshotQuery(snapshot.id).queryKey, snapshot);
  const { profile, version, number, id } = snapshot;
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <Page
        width="full"
        crumbs={[
          { label: profile.name, href: `/profiles/${profile.slug}` },
          ...(version === null
            ? [{ label: "Draft", href: `/profiles/${profile.slug}/draft` }, { label: `Try #${number}` }]
            : [
                { label: `Version ${version}`, href: `/profiles/${profile.slug}#v${version}` },
                { label: `Snapshot #${number}` },
              ]),
        ]}
        action={<SnapshotActions id={id} />}
      >
        <SnapshotView id={id} />
      </Page>
    </HydrationBoundary>
  );
}
