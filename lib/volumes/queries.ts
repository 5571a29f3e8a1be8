/** Browser-safe query options of what persists. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { persistedSchema } from "./wire";

export const persistedQuery = (sessionId: string) =>
  queryOptions({
    queryKey: [...keys.persisted, sessionId],
    queryFn: ({ signal }) =>
      fetchJson(`/sessions/${encodeURIComponent(sessionId)}/persistent`, persistedSchema, signal),
  });
