import type { Metadata } from "next";
import type { ReactNode } from "react";
import { requireUser } from "@/lib/web/session.server";
import { DraftProvider } from "./draft/draft-context";
import { findProfile, loadProfile } from "./load.server";
import { ProfileData } from "./profile-data";
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
  return (
    <ProfileData slug={slug} profile={profile}>
      <DraftProvider profile={slug}>
        <ProfileFrame slug={slug}>{children}</ProfileFrame>
      </DraftProvider>
    </ProfileData>
  );
}
