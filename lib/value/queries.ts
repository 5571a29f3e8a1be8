/** Browser-safe query options of a profile's value. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { valueSchema } from "./wire";

export const valueQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "value"],
    queryFn: ({ signal }) => fetchJson(`/profiles/${encodeURIComponent(profile)}/value`, valueSchema, signal),
  });
