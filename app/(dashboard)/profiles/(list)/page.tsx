import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { one, type PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { Page, PageHeader } from "@/components/frame/page";
import { IfMay } from "@/components/frame/user-context";
import { env } from "@/lib/env.server";
import { profilesQuery } from "@/lib/profiles/queries";
import { listProfiles } from "@/lib/profiles/store.server";
import { requireUser } from "@/lib/web/session.server";
import { filterOf, PAGE_SIZE } from "./filter";
import { NewProfileButton } from "./new-profile-button";
import { ProfileList } from "./profile-list";

export const metadata: Metadata = { title: "Profiles" };

export default async function ProfilesPage({ searchParams }: PageInput) {
  await requireUser();
  const search = await searchParams;
  const filter = filterOf({
    q: one(search.q) ?? "",
    archived: one(search.archived) === "true",
    cursor: one(search.cursor) ?? "",
  });
  const client = makeQueryClient();
  client.setQueryData(profilesQuery(filter).queryKey, await listProfiles({ ...filter, limit: PAGE_SIZE }));
  return (
    <Page
      crumbs={[{ label: "Profiles" }]}
      action={
        <IfMay needs="operator">
          <NewProfileButton />
        </IfMay>
      }
    >
      <PageHeader
        title="Profiles"
        description="An environment each, described once and kept ready as an image."
      />
      <HydrationBoundary state={dehydrate(client)}>
        <ProfileList baseImage={env().KILN_DEFAULT_BASE_IMAGE} />
      </HydrationBoundary>
    </Page>
  );
}
