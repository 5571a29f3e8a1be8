import { readInventory } from "@/lib/inventories/read.server";
import { inventoryQueryInput } from "@/lib/inventories/wire";
import { route } from "@/lib/web/route.server";

/** What is in the snapshot. Waits up to `wait` seconds while that is being listed. */
export const GET = route<{ id: string }, never, typeof inventoryQueryInput>(
  { role: "viewer", query: inventoryQueryInput },
  ({ params, query, request }) => readInventory(params.id, query.wait * 1000, request.signal),
);
