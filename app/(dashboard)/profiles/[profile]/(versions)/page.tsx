import type { QueryClient } from "@tanstack/react-query";
import { one, type PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { versionSnapshotsQuery, versionsQuery } from "@/lib/profiles/queries";
import { listVersions } from "@/lib/profiles/store.server";
import type { VersionWire } from "@/lib/profiles/wire";
import { listSnapshots } from "@/lib/snapshots/store.server";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { ProfileData } from "../profile-data";
import { VersionList } from "./version-list";

export default async function VersionsPage({ params, searchParams }: PageInput<{ profile: string }>) {
  await requireUser();
  const { profile: slug } = await params;
  const profile = await loadProfile(slug);
  const versions = await listVersions(slug, { limit: 25 });
  const unfolded = (one((await searchParams).v) ?? "").split(",");
  const client = makeQueryClient();
  client.setQueryData(versionsQuery(slug).queryKey, { pages: [versions], pageParams: [""] });
  await Promise.all(
    versions.items
      .filter(({ number }) => unfolded.includes(String(number)))
      .map((version) => addHistory(client, slug, version)),
  );
  return (
    <ProfileData slug={slug} profile={profile} client={client}>
      <VersionList slug={slug} />
    </ProfileData>
  );
}

/** What an unfolded version shows at once. */
async function addHistory(client: QueryClient, slug: string, { id, number }: VersionWire): Promise<void> {
  const snapshots = await listSnapshots({ versionId: id, limit: 10 });
  client.setQueryData(versionSnapshotsQuery(slug, number).queryKey, { pages: [snapshots], pageParams: [""] });
}
