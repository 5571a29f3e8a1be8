/** Browser-safe query options of sessions: keys and fetchers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { sessionSchema } from "./wire";

export interface SessionFilter {
  profile?: string;
  cursor?: string;
}

export const sessionQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.sessions, id],
    queryFn: ({ signal }) => fetchJson(`/sessions/${encodeURIComponent(id)}`, sessionSchema, signal),
  });

/** Sessions that aren't deleted, newest first. */
export const sessionsQuery = (filter: SessionFilter) =>
  queryOptions({
    queryKey: [...keys.sessions, "list", filter],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) if (value) search.set(name, value);
      return fetchJson(`/sessions?${search}`, pageOf(sessionSchema), signal);
    },
  });
