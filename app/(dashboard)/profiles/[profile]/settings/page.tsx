import type { Metadata } from "next";
import type { PageInput } from "@/app/page-input";
import { requireUser } from "@/lib/web/session.server";
import { loadProfile } from "../load.server";
import { ArchiveProfile } from "./archive-profile";
import { KeepSnapshots } from "./keep-snapshots";
import { ProfileFacts } from "./profile-facts";
import { ProfileForm } from "./profile-form";

export const metadata: Metadata = { title: "Settings" };

export default async function ProfileSettingsPage({ params }: PageInput<{ profile: string }>) {
  await requireUser();
  const { profile: slug } = await params;
  await loadProfile(slug);
  return (
    <div className="flex max-w-2xl flex-col gap-10">
      <ProfileForm slug={slug} />
      <KeepSnapshots slug={slug} />
      <ProfileFacts slug={slug} />
      <ArchiveProfile slug={slug} />
    </div>
  );
}
