import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) =>
  Response.json(await cancelSnapshot(actor, params.id), { status: 202 }),
);
