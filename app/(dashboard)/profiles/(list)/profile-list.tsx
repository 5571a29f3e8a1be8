"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useDeferredValue } from "react";
import { useMay } from "@/components/frame/user-context";
import { ProfileTable } from "@/components/profiles/profile-table";
import { ProfileTableSkeleton } from "@/components/profiles/profile-table-skeleton";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { SearchInput } from "@/components/ui/search-input";
import { ToggleChips } from "@/components/ui/toggle-chips";
import { profilesQuery } from "@/lib/profiles/queries";
import { filterOf } from "./filter";
import { FirstProfile } from "./first-profile";
import { ProfileMenu } from "./profile-menu";

const parsers = {
  q: parseAsString.withDefault(""),
  archived: parseAsBoolean.withDefault(false),
  cursor: parseAsString.withDefault(""),
};

/** The list, its search and its pages; all of it is in the address. */
export function ProfileList({ baseImage }: { baseImage: string }) {
  const [search, setSearch] = useQueryStates(parsers, { history: "replace" });
  const mayChange = useMay("operator");
  const filter = filterOf(useDeferredValue(search));
  const { data, isPending, isPlaceholderData, error, refetch } = useQuery({
    ...profilesQuery(filter),
    placeholderData: keepPreviousData,
  });
  const pristine = !search.q && !search.archived && !search.cursor;
  if (data?.items.length === 0 && pristine)
    return mayChange ? <FirstProfile baseImage={baseImage} /> : <NothingToSee />;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput
          label="Search profiles"
          value={search.q}
          pending={isPlaceholderData}
          onValueChange={(q) => setSearch({ q: q || null, cursor: null })}
          className="w-full sm:w-72"
        />
        <ToggleChips
          label="Which profiles"
          value={search.archived ? "archived" : "active"}
          onValueChange={(value) => setSearch({ archived: value === "archived" || null, cursor: null })}
          options={[
            { value: "active", label: "In use" },
            { value: "archived", label: "Archived" },
          ]}
        />
      </div>
      {error ? (
        <Notice
          kind="failed"
          title="The profiles can't be loaded."
          actions={
            <Button size="sm" onClick={() => refetch()}>
              Try again
            </Button>
          }
        >
          {error.message}
        </Notice>
      ) : null}
      {isPending ? <ProfileTableSkeleton /> : null}
      {data?.items.length === 0 ? <NoMatch search={search} clear={() => setSearch(null)} /> : null}
      {data && data.items.length > 0 ? (
        <ProfileTable profiles={data.items} menu={(profile) => <ProfileMenu profile={profile} />} />
      ) : null}
      <Pages
        cursor={search.cursor}
        next={data?.nextCursor ?? null}
        go={(cursor) => setSearch({ cursor }, { history: "push", scroll: true })}
      />
    </div>
  );
}

function Pages({
  cursor,
  next,
  go,
}: {
  cursor: string;
  next: string | null;
  go: (cursor: string | null) => void;
}) {
  if (!cursor && !next) return null;
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2">
      {cursor ? <Button onClick={() => go(null)}>Newest</Button> : null}
      {next ? <Button onClick={() => go(next)}>Older</Button> : null}
    </nav>
  );
}

function NoMatch({ search, clear }: { search: { q: string; archived: boolean }; clear: () => void }) {
  const where = search.archived ? "archived profile" : "profile";
  return (
    <EmptyState
      title={search.q ? `No ${where} matches “${search.q}”.` : `There is no ${where} here.`}
      actions={<Button onClick={clear}>Show all in use</Button>}
    />
  );
}

function NothingToSee() {
  return (
    <EmptyState title="There are no profiles yet.">
      An operator makes one; then its versions, snapshots and sessions are here to see.
    </EmptyState>
  );
}
