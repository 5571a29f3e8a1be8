/** Browser-safe query options of schedules: keys and fetchers. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/lib/fetch-json";
import { pageOf } from "@/lib/page";
import { keys } from "@/lib/query-keys";
import {
  backgroundSchema,
  blackoutsSchema,
  calendarSchema,
  listedScheduleSchema,
  scheduleRunSchema,
} from "./wire";

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

export const blackoutsQuery = () =>
  queryOptions({
    queryKey: [...keys.calendar, "blackouts"],
    queryFn: ({ signal }) => fetchJson("/background/blackouts", blackoutsSchema, signal),
    // One begins and ends by itself.
    refetchInterval: 60_000,
  });

/** The next seven days of a zone. */
export const calendarQuery = (timezone: string) =>
  queryOptions({
    queryKey: [...keys.calendar, "days", timezone],
    queryFn: ({ signal }) =>
      fetchJson(`/schedules/calendar?${new URLSearchParams({ timezone })}`, calendarSchema, signal),
    refetchInterval: 60_000,
  });
