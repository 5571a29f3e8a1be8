import { compareSnapshots } from "@/lib/inventories/read.server";
import { compareQueryInput } from "@/lib/inventories/wire";
import { route } from "@/lib/web/route.server";

/** What differs from the snapshot `with`, or from the one before. */
export const GET = route<{ id: string }, never, typeof compareQueryInput>(
  { role: "viewer", query: compareQueryInput },
  ({ params, query, request }) => compareSnapshots(params.id, query.with, query.wait * 1000, request.signal),
);
