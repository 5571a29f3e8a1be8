/** Browser-safe query options of what runs in a session. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { activitySchema } from "./wire";

const EVERY_MS = 3_000;

/** Looked at again and again while somebody sees it. Not under the root key: each look is a command in the session. */
export const activityQuery = (id: string) =>
  queryOptions({
    queryKey: ["kiln-activity", id],
    queryFn: ({ signal }) =>
      fetchJson(`/sessions/${encodeURIComponent(id)}/activity`, activitySchema, signal),
    refetchInterval: EVERY_MS,
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  });
