/** Browser-safe query options of hosts and their workers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { healthSchema, hostSchema } from "./wire";

export const healthQuery = () =>
  queryOptions({
    queryKey: [...keys.hosts, "health"],
    queryFn: ({ signal }) => fetchJson("/health", healthSchema, signal),
    refetchInterval: 15_000,
  });

/** Engines, with their disks as the workers measured them. */
export const hostsQuery = () =>
  queryOptions({
    queryKey: [...keys.hosts, "list"],
    queryFn: ({ signal }) => fetchJson("/hosts", pageOf(hostSchema), signal),
    refetchInterval: 15_000,
  });
