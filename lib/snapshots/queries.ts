/** Browser-safe query options of snapshots: keys and fetchers. */
import { queryOptions } from "@tanstack/react-query";
import { AppError } from "@/lib/errors";
import { fetchJson } from "@/lib/fetch-json";
import { MAX_INT, pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import type { SnapshotStatus } from "./state";
import { type LogLine, logLineSchema, snapshotSchema } from "./wire";

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

const TAIL_MS = 1_500;

/** The last lines of a log that grows: lists of changes say nothing of lines, so it is asked for now and then. */
export const logTailQuery = (id: string, limit: number) =>
  queryOptions({
    queryKey: [...keys.snapshots, id, "log-tail", limit],
    queryFn: ({ signal }) =>
      fetchLines(id, new URLSearchParams({ before: `${MAX_INT}`, limit: `${limit}` }), signal),
    refetchInterval: TAIL_MS,
  });

/** The range of the lines `from` to `to`. */
export const linesFrom = (from: number, to: number): URLSearchParams =>
  new URLSearchParams({ after: `${from - 1}`, limit: `${to - from + 1}` });

/**
 * Lines of a log by their numbers.
 * @throws AppError when the server refuses.
 */
export async function fetchLines(
  id: string,
  range: URLSearchParams,
  signal: AbortSignal,
): Promise<LogLine[]> {
  const response = await fetch(`/api/v1/snapshots/${encodeURIComponent(id)}/log?${range}`, {
    signal,
    headers: { accept: "application/x-ndjson" },
  });
  if (!response.ok) throw new AppError(500, "unexpected", `The server answered ${response.status}.`);
  const rows = (await response.text()).split("\n");
  return rows.filter((row) => row !== "").map((row) => logLineSchema.parse(JSON.parse(row)));
}
