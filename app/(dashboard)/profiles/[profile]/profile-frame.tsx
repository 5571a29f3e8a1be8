"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/copy-button/copy-button";
import { Page, PageHeader } from "@/components/frame/page";
import { IfMay } from "@/components/frame/user-context";
import { LinkTabs } from "@/components/ui/link-tabs";
import { Count, Tag } from "@/components/ui/tag";
import type { ProfileWire } from "@/lib/profiles/wire";
import { PublishButton } from "./draft/publish-button";
import { TryButton } from "./draft/try-button";
import { StartSessionButton } from "./start-session-button";
import { useProfile } from "./use-profile";

/** The draft's form and its editor share the window's height between them, where there is room for both. */
const editing =
  "max-w-none pb-6 2xl:px-10 xl:has-data-fills:h-[calc(100dvh-3.25rem)] xl:has-data-fills:min-h-140 xl:has-data-fills:flex-none";

/** What stands above every tab of a profile. */
export function ProfileFrame({ slug, children }: { slug: string; children: ReactNode }) {
  const profile = useProfile(slug);
  const base = `/profiles/${slug}`;
  const onDraft = usePathname() === `${base}/draft`;
  return (
    <Page
      crumbs={[{ label: "Profiles", href: "/profiles" }, { label: profile.name }]}
      action={
        <IfMay needs="operator">
          {onDraft && profile.draft ? (
            <>
              <TryButton slug={slug} />
              <PublishButton profile={profile} slug={slug} />
            </>
          ) : (
            <StartSessionButton profile={profile} />
          )}
        </IfMay>
      }
      className={onDraft ? editing : undefined}
    >
      <div className="flex flex-col gap-4">
        <PageHeader
          title={profile.name}
          description={profile.description || undefined}
          aside={<Aside profile={profile} />}
        />
        <div className="border-b">
          <LinkTabs
            label="Profile"
            tabs={[
              { href: base, label: "Versions" },
              { href: `${base}/draft`, label: "Draft", mark: profile.draft ? <DraftMark /> : null },
              {
                href: `${base}/sessions`,
                label: "Sessions",
                mark: profile.activeSessions ? <Count>{profile.activeSessions}</Count> : null,
              },
              { href: `${base}/settings`, label: "Settings" },
            ]}
          />
        </div>
      </div>
      {children}
    </Page>
  );
}

function Aside({ profile }: { profile: ProfileWire }) {
  return (
    <span className="flex items-center gap-1 font-mono text-xs text-muted">
      {profile.slug}
      <CopyButton value={profile.slug} label="Copy slug" />
      {profile.archivedAt ? <Tag>Archived</Tag> : null}
    </span>
  );
}

/** There is a draft: what is in it isn't in any version yet. */
function DraftMark() {
  return (
    <>
      <span aria-hidden="true" className="size-1.5 rounded-full bg-muted" />
      <span className="sr-only">(unpublished)</span>
    </>
  );
}
