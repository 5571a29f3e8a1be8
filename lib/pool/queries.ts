/** Browser-safe query options of a profile's pool. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { poolSchema } from "./wire";

export const poolQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.pools, profile],
    queryFn: ({ signal }) => fetchJson(`/profiles/${encodeURIComponent(profile)}/pool`, poolSchema, signal),
  });
