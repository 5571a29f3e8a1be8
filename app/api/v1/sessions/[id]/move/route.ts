import { moveToNewest } from "@/lib/sessions/move.server";
import { moveSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }, typeof moveSchema>(
  { role: "operator", body: moveSchema },
  async ({ actor, params, body }) =>
    Response.json(await moveToNewest(actor, params.id, body.version), { status: 202 }),
);
