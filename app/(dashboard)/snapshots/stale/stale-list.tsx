"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, RefreshCw } from "lucide-react";
import { refreshStale } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { PageHeader } from "@/components/frame/page";
import { useMay } from "@/components/frame/user-context";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { toast } from "@/components/ui/toast";
import { StaleTable } from "@/components/upstream/stale-table";
import { formatCount } from "@/lib/format";
import { staleQuery } from "@/lib/upstream/queries";

/** What sessions start from and is out of date, with one button to refresh all of it. */
export function StaleList() {
  const { data: stale = [], error } = useQuery(staleQuery());
  const mayRefresh = useMay("operator");
  const refresh = useAction(refreshStale, ({ queued, left }) =>
    toast({
      kind: "ready",
      title:
        queued === 0
          ? "All of them are on their way."
          : `${formatCount(queued, "refresh", "refreshes")} queued.`,
      ...(left > 0 ? { description: `${left} more follow when you ask again.` } : {}),
    }),
  );
  const waiting = stale.filter(({ refreshing }) => !refreshing).length;
  return (
    <>
      <PageHeader
        title="Out of date"
        description="Snapshots that sessions start from and that are behind: what they were built from has moved on, or they are old. They work, and are used until a refresh has succeeded."
      />
      <div className="flex flex-col gap-4">
        {mayRefresh && stale.length > 0 ? (
          <Button
            className="self-start"
            variant="primary"
            icon={<RefreshCw />}
            pending={refresh.isPending}
            disabled={waiting === 0}
            onClick={() => refresh.mutate({})}
          >
            {waiting === 0
              ? "All are being refreshed"
              : `Refresh ${waiting === stale.length ? "all" : "the others"} (${waiting})`}
          </Button>
        ) : null}
        {error ? <Notice kind="failed">{error.message}</Notice> : null}
        {refresh.error ? <Notice kind="failed">{refresh.error.message}</Notice> : null}
        {stale.length === 0 ? (
          <EmptyState icon={<CircleCheck />} title="Nothing is out of date">
            No base image or repository that Kiln could look up has moved, no secret was rotated, and no
            snapshot is older than its profile allows (30 days where it doesn’t say).
          </EmptyState>
        ) : (
          <StaleTable stale={stale} />
        )}
        {stale.length > 0 && mayRefresh ? (
          <p className="text-xs text-muted">
            They wait behind everything that a person asked for, and profiles take turns.
          </p>
        ) : null}
      </div>
    </>
  );
}
