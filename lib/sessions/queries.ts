/** Browser-safe query options of sessions: keys and fetchers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { folderSchema, sessionSchema } from "./wire";

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

/** A folder of a running session, as it is now. */
export const folderQuery = (id: string, path: string) =>
  queryOptions({
    // Not under the root: a listing is a command in the session, and isn't run again because something else changed.
    queryKey: ["kiln-files", id, path],
    queryFn: ({ signal }) =>
      fetchJson(
        `/sessions/${encodeURIComponent(id)}/entries?path=${encodeURIComponent(path)}`,
        folderSchema,
        signal,
      ),
    // What a program does in it, nobody tells.
    staleTime: 0,
    gcTime: 60_000,
    retry: false,
  });
