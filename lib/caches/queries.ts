/** Browser-safe query options of a profile's caches. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { cacheSchema } from "./wire";

export const cachesQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "caches"],
    queryFn: async ({ signal }) =>
      (await fetchJson(`/profiles/${encodeURIComponent(profile)}/caches`, pageOf(cacheSchema), signal)).items,
  });
