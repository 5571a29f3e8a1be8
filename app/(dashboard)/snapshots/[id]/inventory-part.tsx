"use client";

import { useQuery } from "@tanstack/react-query";
import { InventoryFacts } from "@/components/inventories/inventory-facts";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { comparisonQuery, inventorySummaryQuery } from "@/lib/inventories/queries";

/** What is in the snapshot, as soon as that is known. */
export function InventoryPart({ id }: { id: string }) {
  const { data: summary, error } = useQuery(inventorySummaryQuery(id));
  const comparable = summary?.state === "taken" && summary.previous !== null;
  const changes = useQuery({ ...comparisonQuery(id, null), enabled: comparable });
  if (!summary)
    return (
      <Loading what="what is in it" className="flex flex-col gap-3 border-t px-4 py-4">
        {error ? <p className="text-sm text-muted">{error.message}</p> : <Skeleton className="w-44" />}
      </Loading>
    );
  return (
    <InventoryFacts summary={summary} changes={changes.data} changesError={changes.error?.message ?? null} />
  );
}
