/** Browser-safe query options of hosts and their workers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { healthSchema } from "./wire";

export const healthQuery = () =>
  queryOptions({
    queryKey: [...keys.hosts, "health"],
    queryFn: ({ signal }) => fetchJson("/health", healthSchema, signal),
    refetchInterval: 15_000,
  });
