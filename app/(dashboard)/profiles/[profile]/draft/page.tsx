import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { SpecView } from "@/components/profiles/spec-view";
import { Notice } from "@/components/ui/notice";
import { draftQuery, lastTryQuery } from "@/lib/profiles/queries";
import { getDraft } from "@/lib/profiles/store.server";
import { getLastTry } from "@/lib/profiles/try.server";
import { includesRole } from "@/lib/users/roles";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { ProfileData } from "../profile-data";
import { DraftWorkspace } from "./draft-workspace";
import { NoDraft } from "./no-draft";

export const metadata: Metadata = { title: "Draft" };

export default async function DraftPage({ params }: PageInput<{ profile: string }>) {
  const user = await requireUser();
  const { profile: slug } = await params;
  const profile = await loadProfile(slug);
  if (!profile.draft) {
    return (
      <ProfileData slug={slug} profile={profile}>
        <NoDraft slug={slug} />
      </ProfileData>
    );
  }
  const draft = await getDraft(slug);
  if (!includesRole(user.role, "operator") || profile.archivedAt) {
    return (
      <ProfileData slug={slug} profile={profile}>
        <div className="flex max-w-4xl flex-col gap-5">
          <h2 className="sr-only">Draft</h2>
          <Notice kind="info">
            {profile.archivedAt
              ? "The profile is archived: bring it back to change its draft."
              : "You may read this draft; an operator can change it."}
          </Notice>
          <SpecView spec={draft.spec} of="the draft" />
        </div>
      </ProfileData>
    );
  }
  const client = makeQueryClient();
  client.setQueryData(draftQuery(slug).queryKey, draft);
  client.setQueryData(lastTryQuery(slug).queryKey, await getLastTry(slug));
  return (
    <ProfileData slug={slug} profile={profile} client={client}>
      <DraftWorkspace slug={slug} />
    </ProfileData>
  );
}
