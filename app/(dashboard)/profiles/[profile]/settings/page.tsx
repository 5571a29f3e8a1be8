import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { cachesQuery } from "@/lib/caches/queries";
import { listCaches } from "@/lib/caches/store.server";
import { hooksQuery } from "@/lib/hooks/queries";
import { listHooks } from "@/lib/hooks/store.server";
import { poolQuery } from "@/lib/pool/queries";
import { readPool } from "@/lib/pool/store.server";
import { listOwners } from "@/lib/profiles/owners.server";
import { ownersQuery } from "@/lib/profiles/queries";
import { includesRole } from "@/lib/users/roles";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { ProfileData } from "../profile-data";
import { ArchiveProfile } from "./archive-profile";
import { CacheList } from "./cache-list";
import { HookList } from "./hook-list";
import { KeepSnapshots } from "./keep-snapshots";
import { Owners } from "./owners";
import { ProfileFacts } from "./profile-facts";
import { ProfileForm } from "./profile-form";
import { RefreshReasons } from "./refresh-reasons";
import { SessionLimits } from "./session-limits";
import { WarmPool } from "./warm-pool";

export const metadata: Metadata = { title: "Settings" };

export default async function ProfileSettingsPage({ params }: PageInput<{ profile: string }>) {
  const user = await requireUser();
  const { profile: slug } = await params;
  const profile = await loadProfile(slug);
  const client = makeQueryClient();
  client.setQueryData(cachesQuery(slug).queryKey, await listCaches(slug));
  if (includesRole(user.role, "operator"))
    client.setQueryData(hooksQuery(slug).queryKey, (await listHooks(slug)).items);
  client.setQueryData(ownersQuery(slug).queryKey, await listOwners(slug));
  client.setQueryData(poolQuery(slug).queryKey, await readPool(slug));
  return (
    <ProfileData slug={slug} profile={profile} client={client}>
      <div className="flex max-w-2xl flex-col gap-10">
        <ProfileForm slug={slug} />
        <Owners slug={slug} />
        <RefreshReasons slug={slug} />
        <HookList slug={slug} />
        <KeepSnapshots slug={slug} />
        <SessionLimits slug={slug} />
        <WarmPool slug={slug} />
        <CacheList slug={slug} />
        <ProfileFacts slug={slug} />
        <ArchiveProfile slug={slug} />
      </div>
    </ProfileData>
  );
}
