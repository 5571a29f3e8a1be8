/** Browser-safe query options of profiles, drafts and versions: keys and fetchers. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { snapshotSchema } from "@/lib/snapshots/wire";
import { draftSchema, lastTrySchema, ownerSchema, profileSchema, versionSchema } from "./wire";

export interface ProfileFilter {
  query?: string;
  archived?: boolean;
  cursor?: string;
}

const path = (profile: string) => `/profiles/${encodeURIComponent(profile)}`;

/** One page of the list: search, archived or not, and the cursor are in the URL. */
export const profilesQuery = (filter: ProfileFilter) =>
  queryOptions({
    queryKey: [...keys.profiles, "list", filter],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams();
      if (filter.query) search.set("query", filter.query);
      if (filter.archived) search.set("archived", "true");
      if (filter.cursor) search.set("cursor", filter.cursor);
      return fetchJson(`/profiles?${search}`, pageOf(profileSchema), signal);
    },
  });

export const profileQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "profile"],
    queryFn: ({ signal }) => fetchJson(path(profile), profileSchema, signal),
  });

/** Who hears of what happens to it. */
export const ownersQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "owners"],
    queryFn: ({ signal }) => fetchJson(`${path(profile)}/owners`, pageOf(ownerSchema), signal),
  });

/** The draft, with its revision for the optimistic lock. Rejects with `no_draft` when there is none. */
export const draftQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "draft"],
    queryFn: ({ signal }) => fetchJson(`${path(profile)}/draft`, draftSchema, signal),
  });

/** The newest try of the draft; null in it when there is none. */
export const lastTryQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "try"],
    queryFn: ({ signal }) => fetchJson(`${path(profile)}/draft/try`, lastTrySchema, signal),
  });

/** Newest first, page by page. */
export const versionsQuery = (profile: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.profiles, profile, "versions"],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(
        `${path(profile)}/versions${pageParam ? `?cursor=${encodeURIComponent(pageParam)}` : ""}`,
        pageOf(versionSchema),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const versionQuery = (profile: string, number: number) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "versions", number],
    queryFn: ({ signal }) => fetchJson(`${path(profile)}/versions/${number}`, versionSchema, signal),
  });

/** A version's snapshots, newest first, page by page. */
export const versionSnapshotsQuery = (profile: string, number: number) =>
  infiniteQueryOptions({
    queryKey: [...keys.profiles, profile, "versions", number, "snapshots"],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(
        `${path(profile)}/versions/${number}/snapshots?limit=10${pageParam ? `&cursor=${encodeURIComponent(pageParam)}` : ""}`,
        pageOf(snapshotSchema),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
