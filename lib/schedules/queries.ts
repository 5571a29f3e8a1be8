/** Browser-safe query options of schedules: keys and fetchers. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import { backgroundSchema, listedScheduleSchema, scheduleRunSchema } from "./wire";

/** What became of the times that a version was due, newest first. */
export const runsQuery = (profile: string, version: number) =>
  queryOptions({
    queryKey: [...keys.profiles, profile, "runs", version],
    queryFn: ({ signal }) =>
      fetchJson(
        `/profiles/${encodeURIComponent(profile)}/versions/${version}/schedule/runs?limit=10`,
        pageOf(scheduleRunSchema),
        signal,
      ),
  });

/** All schedules; they are parts of versions, and change with them. */
export const schedulesQuery = () =>
  infiniteQueryOptions({
    queryKey: [...keys.profiles, "schedules"],
    queryFn: ({ pageParam, signal }) =>
      fetchJson(
        `/schedules?${new URLSearchParams(pageParam ? { cursor: pageParam } : {})}`,
        pageOf(listedScheduleSchema),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor,
  });

export const backgroundQuery = () =>
  queryOptions({
    queryKey: [...keys.profiles, "background"],
    queryFn: ({ signal }) => fetchJson("/background", backgroundSchema, signal),
  });
