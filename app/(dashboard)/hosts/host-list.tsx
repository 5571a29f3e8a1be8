"use client";

import { useQuery } from "@tanstack/react-query";
import { Server } from "lucide-react";
import { HostsTable } from "@/components/hosts/hosts-table";
import { WorkersTable } from "@/components/hosts/workers-table";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { healthQuery, hostsQuery } from "@/lib/hosts/queries";

/** Who works, and what it means when nobody does. */
export function HostList() {
  const { data, error } = useQuery(healthQuery());
  const hosts = useQuery(hostsQuery()).data?.items ?? [];
  if (!data) {
    if (error) return <Notice kind="failed">{error.message}</Notice>;
    return (
      <Loading
        what="hosts"
        className="flex h-23 flex-col justify-center gap-6 rounded-lg border bg-surface px-4"
      >
        <Skeleton className="w-24" />
        <Skeleton className="w-56" />
      </Loading>
    );
  }
  const working = data.workers.some((worker) => worker.status === "running");
  return (
    <div className="flex flex-col gap-4">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {working ? null : (
        <Notice kind="hot" title="No worker is running.">
          Builds and sessions wait in the queue until one is. Start a worker on a machine with a container
          engine.
        </Notice>
      )}
      {hosts
        .filter(({ health }) => health.status === "unhealthy")
        .map(({ id, name, health }) => (
          <Notice key={id} kind="failed" title={`The container engine of ${name} doesn’t answer.`}>
            {health.error} Start it again, or look at its log. Builds wait for it, or go to another host.
          </Notice>
        ))}
      {hosts.length > 0 ? <HostsTable hosts={hosts} /> : null}
      {data.workers.length > 0 ? (
        <WorkersTable workers={data.workers} />
      ) : (
        <EmptyState icon={<Server />} title="No hosts yet">
          A host appears when its first worker connects.
        </EmptyState>
      )}
    </div>
  );
}
