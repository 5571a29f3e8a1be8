"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { SnapshotsTable, SnapshotsTableSkeleton } from "@/components/snapshots/snapshots-table";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { type SnapshotFilter, snapshotsQuery } from "@/lib/snapshots/queries";
import { snapshotsHref } from "./snapshot-filters";

/** One page of the list. It moves by itself; another filter keeps the old rows until the new ones are here. */
export function SnapshotList({ filter }: { filter: SnapshotFilter }) {
  const { data, error, isPlaceholderData } = useQuery({
    ...snapshotsQuery(filter),
    placeholderData: keepPreviousData,
  });
  if (!data) return error ? <Notice kind="failed">{error.message}</Notice> : <SnapshotsTableSkeleton />;
  if (data.items.length === 0) return <Empty filter={filter} />;
  const { cursor, ...within } = filter;
  return (
    <div className="flex flex-col gap-4" aria-busy={isPlaceholderData}>
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      <SnapshotsTable snapshots={data.items} />
      {cursor || data.nextCursor ? (
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {cursor ? <ButtonLink href={snapshotsHref(within)}>Newest</ButtonLink> : null}
          {data.nextCursor ? (
            <ButtonLink href={snapshotsHref({ ...within, cursor: data.nextCursor })}>Older</ButtonLink>
          ) : null}
        </nav>
      ) : null}
    </div>
  );
}

function Empty({ filter }: { filter: SnapshotFilter }) {
  if (filter.status || filter.profile || filter.cursor) {
    return (
      <EmptyState
        icon={<Layers />}
        title="No snapshot like that"
        actions={<ButtonLink href="/snapshots">Show all</ButtonLink>}
      >
        None matches the filter.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Layers />}
      title="No snapshots yet"
      actions={<ButtonLink href="/profiles">Go to profiles</ButtonLink>}
    >
      Publishing a version of a profile builds its first snapshot.
    </EmptyState>
  );
}
