"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ServeButton } from "@/app/(dashboard)/snapshots/serve-button";
import { SnapshotHistory, SnapshotHistorySkeleton } from "@/components/profiles/snapshot-history";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import { versionSnapshotsQuery } from "@/lib/profiles/queries";

/** A version's attempts, page by page. */
export function History({ slug, version }: { slug: string; version: number }) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    versionSnapshotsQuery(slug, version),
  );
  if (error && !data) return <Notice kind="failed">{error.message}</Notice>;
  if (!data) return <SnapshotHistorySkeleton />;
  return (
    <SnapshotHistory
      snapshots={data.pages.flatMap((page) => page.items)}
      action={(snapshot) => (
        <>
          {snapshot.number > 1 && (snapshot.status === "ready" || snapshot.status === "removed") ? (
            <ButtonLink href={`/snapshots/${snapshot.id}/compare`} size="sm" variant="ghost">
              What changed<span className="sr-only"> in #{snapshot.number}</span>
            </ButtonLink>
          ) : null}
          <ServeButton snapshot={snapshot} size="sm" />
        </>
      )}
      more={
        hasNextPage ? (
          <Button
            size="sm"
            variant="ghost"
            className="self-start"
            pending={isFetchingNextPage}
            onClick={() => fetchNextPage()}
          >
            Show older snapshots
          </Button>
        ) : null
      }
    />
  );
}
