import { execInSession } from "@/lib/sessions/exec.server";
import { execSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }, typeof execSchema>(
  { role: "operator", body: execSchema },
  ({ actor, params, body }) => execInSession(actor, params.id, body),
);
