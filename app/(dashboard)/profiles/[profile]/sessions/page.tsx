import type { Metadata } from "next";
import { one, type PageInput } from "@/app/page-input";
import { makeQueryClient } from "@/app/query-client";
import { poolQuery } from "@/lib/pool/queries";
import { readPool } from "@/lib/pool/store.server";
import { sessionsQuery } from "@/lib/sessions/queries";
import { listSessions } from "@/lib/sessions/store.server";
import { valueQuery } from "@/lib/value/queries";
import { readValue } from "@/lib/value/value.server";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { ProfileData } from "../profile-data";
import { ProfileSessions } from "./profile-sessions";

export const metadata: Metadata = { title: "Sessions" };

export default async function ProfileSessionsPage({ params, searchParams }: PageInput<{ profile: string }>) {
  await requireUser();
  const { profile: slug } = await params;
  const profile = await loadProfile(slug);
  const cursor = one((await searchParams).cursor);
  const filter = { profile: slug, ...(cursor ? { cursor } : {}) };
  const client = makeQueryClient();
  const [sessions, value, pool] = await Promise.all([
    listSessions({ ...filter, limit: 25 }),
    readValue(slug),
    readPool(slug),
  ]);
  client.setQueryData(sessionsQuery(filter).queryKey, sessions);
  client.setQueryData(valueQuery(slug).queryKey, value);
  client.setQueryData(poolQuery(slug).queryKey, pool);
  return (
    <ProfileData slug={slug} profile={profile} client={client}>
      <ProfileSessions slug={slug} filter={filter} />
    </ProfileData>
  );
}
