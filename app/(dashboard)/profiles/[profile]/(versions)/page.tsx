import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { versionsQuery } from "@/lib/profiles/queries";
import { listVersions } from "@/lib/profiles/store.server";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { VersionList } from "./version-list";

export default async function VersionsPage({ params }: PageInput<{ profile: string }>) {
  await requireUser();
  const { profile: slug } = await params;
  await loadProfile(slug);
  const client = makeQueryClient();
  client.setQueryData(versionsQuery(slug).queryKey, {
    pages: [await listVersions(slug, { limit: 25 })],
    pageParams: [""],
  });
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <VersionList slug={slug} />
    </HydrationBoundary>
  );
}
