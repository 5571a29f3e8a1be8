"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { SchedulesTable } from "@/components/schedules/schedules-table";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { schedulesQuery } from "@/lib/schedules/queries";

/** All schedules, newest first. */
export function ScheduleList() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(schedulesQuery());
  const schedules = data?.pages.flatMap((page) => page.items) ?? [];
  if (!data)
    return error ? (
      <Notice kind="failed">{error.message}</Notice>
    ) : (
      <Loading what="the schedules">
        <Skeleton className="h-24" />
      </Loading>
    );
  if (schedules.length === 0)
    return (
      <EmptyState
        icon={<CalendarClock />}
        title="Nothing is refreshed by itself yet"
        actions={<ButtonLink href="/profiles">Go to profiles</ButtonLink>}
      >
        In a published version’s menu, “Refresh on a schedule” has it built again every night, say.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-4">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      <SchedulesTable schedules={schedules} />
      {hasNextPage ? (
        <Button className="self-center" pending={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show older schedules
        </Button>
      ) : null}
    </div>
  );
}
