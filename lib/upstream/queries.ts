/** Browser-safe query options of what is out of date. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { staleSchema } from "./wire";

/** A part of the snapshots: each change of one may change it. */
export const staleQuery = () =>
  queryOptions({
    queryKey: [...keys.snapshots, "stale"],
    queryFn: async ({ signal }) => (await fetchJson("/stale", pageOf(staleSchema), signal)).items,
  });
