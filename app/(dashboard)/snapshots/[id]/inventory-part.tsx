"use client";

import { InventoryFacts } from "@/components/inventories/inventory-facts";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { useComparison } from "./use-comparison";

/** What is in the snapshot, as soon as that is known. */
export function InventoryPart({ id }: { id: string }) {
  const { summary, comparison, why } = useComparison(id, null);
  if (!summary)
    return (
      <Loading what="what is in it" className="flex flex-col gap-3 border-t px-4 py-4">
        {why ? <p className="text-sm text-muted">{why}</p> : <Skeleton className="w-44" />}
      </Loading>
    );
  return <InventoryFacts summary={summary} changes={comparison} whyNoChanges={why} />;
}
