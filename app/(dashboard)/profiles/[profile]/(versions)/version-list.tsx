"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { PencilLine } from "lucide-react";
import { parseAsArrayOf, parseAsInteger, useQueryState } from "nuqs";
import { useMay } from "@/components/frame/user-context";
import { VersionListSkeleton } from "@/components/profiles/version-list-skeleton";
import { VersionRow } from "@/components/profiles/version-row";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { versionsQuery } from "@/lib/profiles/queries";
import type { ProfileWire } from "@/lib/profiles/wire";
import { useProfile } from "../use-profile";
import { History } from "./history";
import { VersionControls } from "./version-controls";

/** The versions, newest first. Which of them are unfolded is in the address. */
export function VersionList({ slug }: { slug: string }) {
  const profile = useProfile(slug);
  const mayChange = useMay("operator");
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    versionsQuery(slug),
  );
  const [open, setOpen] = useQueryState(
    "v",
    parseAsArrayOf(parseAsInteger).withDefault([]).withOptions({ history: "replace" }),
  );
  const versions = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending) return <VersionListSkeleton />;
  if (error && versions.length === 0)
    return (
      <Notice kind="failed" title="The versions can't be loaded.">
        {error.message}
      </Notice>
    );
  if (versions.length === 0) return <NoVersion profile={profile} slug={slug} mayChange={mayChange} />;
  return (
    <div className="flex flex-col gap-4">
      <Panel aria-label="Versions">
        <ol>
          {versions.map((version) => {
            const unfolded = open.includes(version.number);
            return (
              <VersionRow
                key={version.id}
                version={version}
                open={unfolded}
                onOpenChange={(next) =>
                  setOpen(next ? [...open, version.number] : without(open, version.number))
                }
                controls={
                  mayChange && !profile.archivedAt ? (
                    <VersionControls profile={profile} slug={slug} version={version} />
                  ) : null
                }
                history={unfolded ? <History slug={slug} version={version.number} /> : null}
              />
            );
          })}
        </ol>
      </Panel>
      {hasNextPage ? (
        <Button className="self-center" pending={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show older versions
        </Button>
      ) : null}
    </div>
  );
}

/** Null takes the parameter out of the address. */
const without = (open: number[], number: number) =>
  open.length > 1 ? open.filter((each) => each !== number) : null;

function NoVersion({ profile, slug, mayChange }: { profile: ProfileWire; slug: string; mayChange: boolean }) {
  return (
    <EmptyState
      title="No version is published yet."
      actions={
        profile.draft ? (
          <ButtonLink href={`/profiles/${slug}/draft`} icon={<PencilLine />}>
            {mayChange ? "Edit the draft" : "Read the draft"}
          </ButtonLink>
        ) : null
      }
    >
      Publish the draft, and version 1 is here: fixed for ever, with the snapshot that new sessions start
      from.
    </EmptyState>
  );
}
