"use client";

import { useQuery } from "@tanstack/react-query";
import { InventoryView } from "@/components/inventories/inventory-view";
import { whyNoInventory } from "@/components/inventories/words";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { inventoryQuery, inventorySummaryQuery } from "@/lib/inventories/queries";

/** Comes when it is there: the event stream tells. */
export function WholeInventory({ id }: { id: string }) {
  const summary = useQuery(inventorySummaryQuery(id));
  const whole = useQuery({ ...inventoryQuery(id), enabled: summary.data?.state === "taken" });
  if (whole.data) return <InventoryView inventory={whole.data} />;
  const error = summary.error ?? whole.error;
  if (error) return <Notice kind="failed">{error.message}</Notice>;
  const { data } = summary;
  const why = data ? whyNoInventory(data, `#${data.snapshot.number}`) : null;
  if (why) return <Notice kind="info">{why}</Notice>;
  return (
    <Loading what="the inventory" className="flex flex-col gap-3">
      <Skeleton className="h-8 w-80 max-w-full" />
      <Skeleton className="h-64 w-full" />
    </Loading>
  );
}
