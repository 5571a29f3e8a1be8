"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { SquareTerminal, X } from "lucide-react";
import { SessionsTable, SessionsTableSkeleton } from "@/components/sessions/sessions-table";
import { ButtonLink } from "@/components/ui/button-link";
import { ChipGroup, ChipLink } from "@/components/ui/chip";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { type SessionFilter, sessionsQuery } from "@/lib/sessions/queries";

function hrefOf({ profile, cursor }: SessionFilter): string {
  const search = new URLSearchParams();
  if (profile) search.set("profile", profile);
  if (cursor) search.set("cursor", cursor);
  return search.size > 0 ? `/sessions?${search}` : "/sessions";
}

/** One page of the list; it moves by itself. */
export function SessionList({ filter }: { filter: SessionFilter }) {
  const { data, error, isPlaceholderData } = useQuery({
    ...sessionsQuery(filter),
    placeholderData: keepPreviousData,
  });
  const { profile, cursor } = filter;
  const within = profile ? { profile } : {};
  if (!data) return error ? <Notice kind="failed">{error.message}</Notice> : <SessionsTableSkeleton />;
  return (
    <div className="flex flex-col gap-4" aria-busy={isPlaceholderData}>
      {profile ? (
        <ChipGroup label="Profile">
          <ChipLink href="/sessions" active>
            <span className="sr-only">Not only of</span>
            {profile}
            <X aria-hidden="true" />
          </ChipLink>
        </ChipGroup>
      ) : null}
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {data.items.length > 0 ? <SessionsTable sessions={data.items} /> : <Empty />}
      {cursor || data.nextCursor ? (
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {cursor ? <ButtonLink href={hrefOf(within)}>Newest</ButtonLink> : null}
          {data.nextCursor ? (
            <ButtonLink href={hrefOf({ ...within, cursor: data.nextCursor })}>Older</ButtonLink>
          ) : null}
        </nav>
      ) : null}
    </div>
  );
}

function Empty() {
  return (
    <EmptyState
      icon={<SquareTerminal />}
      title="No sessions"
      actions={<ButtonLink href="/profiles">Go to profiles</ButtonLink>}
    >
      A session starts in a moment from a profile that has a ready snapshot.
    </EmptyState>
  );
}
