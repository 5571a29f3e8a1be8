"use client";

import { useQuery } from "@tanstack/react-query";
import { InventoryView } from "@/components/inventories/inventory-view";
import { Notice } from "@/components/ui/notice";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { inventoryQuery } from "@/lib/inventories/queries";

/** Comes when it is there: the event stream tells. */
export function WholeInventory({ id }: { id: string }) {
  const { data, error } = useQuery(inventoryQuery(id));
  if (data) return <InventoryView inventory={data} />;
  if (error) return <Notice kind="info">{error.message}</Notice>;
  return (
    <Loading what="the inventory" className="flex flex-col gap-3">
      <Skeleton className="h-8 w-80 max-w-full" />
      <Skeleton className="h-64 w-full" />
    </Loading>
  );
}
