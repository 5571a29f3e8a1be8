import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { makeQueryClient } from "@/app/query-client";
import { profileQuery } from "@/lib/profiles/queries";
import { requireUser } from "@/lib/web/session.server";
import { DraftProvider } from "./draft/draft-context";
import { findProfile, loadProfile } from "./load.server";
import { ProfileFrame } from "./profile-frame";

interface Props {
  params: Promise<{ profile: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  await requireUser();
  const profile = await findProfile((await params).profile);
  if (!profile) return { title: "Not found" };
  const { name } = profile;
  return { title: { default: name, template: `%s · ${name} · Kiln` } };
}

export default async function ProfileLayout({ params, children }: Props) {
  await requireUser();
  const slug = (await params).profile;
  const profile = await loadProfile(slug);
  const client = makeQueryClient();
  client.setQueryData(profileQuery(slug).queryKey, profile);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <DraftProvider profile={slug}>
        <ProfileFrame slug={slug}>{children}</ProfileFrame>
      </DraftProvider>
    </HydrationBoundary>
  );
}
