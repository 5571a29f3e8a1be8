import { redeliver } from "@/lib/channels/store.server";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }>({ role: "admin" }, async ({ actor, params }) =>
  Response.json(await redeliver(actor, params.id), { status: 202 }),
);
