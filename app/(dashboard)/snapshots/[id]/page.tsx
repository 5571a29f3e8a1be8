import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page } from "@/components/frame/page";
import { nameOf } from "@/components/snapshots/words";
import { beginLog } from "@/lib/snapshots/begin-log.server";
import { snapshotQuery } from "@/lib/snapshots/queries";
import { requireUser } from "@/lib/web/session.server";
import { loadSnapshot } from "./load.server";
import { SnapshotActions } from "./snapshot-actions";
import { SnapshotView } from "./snapshot-view";

export async function generateMetadata({ params }: PageInput<{ id: string }>): Promise<Metadata> {
  await requireUser();
  return { title: nameOf(await loadSnapshot((await params).id)) };
}

export default async function SnapshotPage({ params }: PageInput<{ id: string }>) {
  await requireUser();
  const snapshot = await loadSnapshot((await params).id);
  const begun = await beginLog(snapshot);
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
        <SnapshotView id={id} begun={begun} />
      </Page>
    </HydrationBoundary>
  );
}
