import { summarizeInventory } from "@/lib/inventories/store.server";
import { route } from "@/lib/web/route.server";

/** Counts, and how far the inventory is. */
export const GET = route<{ id: string }>({ role: "viewer" }, ({ params }) => summarizeInventory(params.id));
