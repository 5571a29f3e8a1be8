/** Browser-safe query options of what only the engine knows of a session's container. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { diskUseSchema } from "./wire";

const EVERY_MS = 20_000;

/** Asked rarely, and only while somebody sees it: the engine looks at every file. */
export const diskQuery = (id: string) =>
  queryOptions({
    queryKey: ["kiln-disk", id],
    queryFn: ({ signal }) => fetchJson(`/sessions/${encodeURIComponent(id)}/disk`, diskUseSchema, signal),
    refetchInterval: EVERY_MS,
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  });

export const containerLogAddress = (id: string): string =>
  `/api/v1/sessions/${encodeURIComponent(id)}/container-log`;
