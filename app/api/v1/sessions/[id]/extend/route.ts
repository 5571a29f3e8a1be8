import { extendSession } from "@/lib/sessions/extend.server";
import { extendSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }, typeof extendSchema>(
  { role: "operator", body: extendSchema },
  ({ actor, params, body }) => extendSession(actor, params.id, body.hours),
);
