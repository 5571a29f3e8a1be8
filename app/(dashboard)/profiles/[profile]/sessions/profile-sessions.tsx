"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { SquareTerminal } from "lucide-react";
import { PoolLine } from "@/components/pool/pool-line";
import { profileState } from "@/components/profiles/profile-state";
import { ValueFacts } from "@/components/profiles/value-facts";
import { SessionsTable, SessionsTableSkeleton } from "@/components/sessions/sessions-table";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { poolQuery } from "@/lib/pool/queries";
import { type SessionFilter, sessionsQuery } from "@/lib/sessions/queries";
import { valueQuery } from "@/lib/value/queries";
import { useProfile } from "../use-profile";

/** The profile's sessions, newest first. */
export function ProfileSessions({ slug, filter }: { slug: string; filter: SessionFilter }) {
  const { data, error } = useQuery({ ...sessionsQuery(filter), placeholderData: keepPreviousData });
  const { data: value } = useQuery(valueQuery(slug));
  const { data: pool } = useQuery(poolQuery(slug));
  const { whyNot } = profileState(useProfile(slug));
  const href = `/profiles/${slug}/sessions`;
  if (!data)
    return error ? (
      <Notice kind="failed" title="The sessions can't be loaded.">
        {error.message}
      </Notice>
    ) : (
      <SessionsTableSkeleton />
    );
  return (
    <div className="flex flex-col gap-4">
      {value && (value.starts > 0 || value.images.count > 0) ? <ValueFacts value={value} /> : null}
      {pool ? <PoolLine pool={pool} /> : null}
      {data.items.length > 0 ? (
        <SessionsTable sessions={data.items} />
      ) : (
        <EmptyState icon={<SquareTerminal />} title="No sessions">
          {whyNot ?? "Start one: it begins where the serving snapshot ended, in a moment."}
        </EmptyState>
      )}
      {filter.cursor || data.nextCursor ? (
        <nav aria-label="Pages" className="flex justify-end gap-2">
          {filter.cursor ? <ButtonLink href={href}>Newest</ButtonLink> : null}
          {data.nextCursor ? (
            <ButtonLink href={`${href}?cursor=${encodeURIComponent(data.nextCursor)}`}>Older</ButtonLink>
          ) : null}
        </nav>
      ) : null}
    </div>
  );
}
