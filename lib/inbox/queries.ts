/** Browser-safe query options of the inbox: keys and fetchers. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { inboxSchema, unreadSchema, wishesSchema } from "./wire";

/** Changes come over the event stream; what that misses, this finds. */
const SAFETY_MS = 60_000;

/** Newest first, page by page. */
export const inboxQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.inbox, "list"],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(`/inbox${pageParam ? `?cursor=${encodeURIComponent(pageParam)}` : ""}`, inboxSchema, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: SAFETY_MS,
  });

/** How many messages wait to be read. */
export const unreadQuery = () =>
  queryOptions({
    queryKey: [...keys.inbox, "unread"],
    queryFn: ({ signal }) => fetchJson("/inbox/unread", unreadSchema, signal),
    refetchInterval: SAFETY_MS,
  });

/** What the signed-in person wants to be told. */
export const wishesQuery = () =>
  queryOptions({
    queryKey: [...keys.inbox, "wishes"],
    queryFn: ({ signal }) => fetchJson("/inbox/wishes", wishesSchema, signal),
  });
