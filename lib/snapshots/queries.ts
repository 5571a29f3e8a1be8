/** Browser-safe query options of snapshots: keys and fetchers. */
import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import type { SnapshotStatus } from "./state";
import { snapshotSchema } from "./wire";

export interface SnapshotFilter {
  profile?: string;
  status?: SnapshotStatus;
  cursor?: string;
}

export const snapshotQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.snapshots, id],
    queryFn: ({ signal }) => fetchJson(`/snapshots/${encodeURIComponent(id)}`, snapshotSchema, signal),
  });

/** All snapshots, newest first; the filter is in the URL. */
export const snapshotsQuery = (filter: SnapshotFilter) =>
  queryOptions({
    queryKey: [...keys.snapshots, "list", filter],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(filter)) if (value) search.set(name, value);
      return fetchJson(`/snapshots?${search}`, pageOf(snapshotSchema), signal);
    },
  });
