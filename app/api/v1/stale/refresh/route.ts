import { refreshStale } from "@/lib/upstream/stale.server";
import { route } from "@/lib/web/route.server";

export const POST = route({ role: "operator" }, async ({ actor }) =>
  Response.json(await refreshStale(actor), { status: 202, headers: { "cache-control": "no-store" } }),
);
