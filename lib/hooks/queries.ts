/** Browser-safe query options of a profile's hooks. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { hookSchema } from "./wire";

export const hooksQuery = (profile: string) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "hooks"],
    queryFn: async ({ signal }) =>
      (await fetchJson(`/profiles/${encodeURIComponent(profile)}/hooks`, pageOf(hookSchema), signal)).items,
  });
