/** Browser-safe query options of the queue, which moves with the snapshots. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { keys } from "@/lib/query-keys";
import { queueSchema } from "./wire";

export const queueQuery = () =>
  queryOptions({
    queryKey: [...keys.snapshots, "queue"],
    queryFn: ({ signal }) => fetchJson("/queue", queueSchema, signal),
  });
