import { execSchema } from "@/lib/commands/wire";
import { execInSession } from "@/lib/sessions/exec.server";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }, typeof execSchema>(
  { role: "operator", body: execSchema },
  ({ actor, params, body }) => execInSession(actor, params.id, body),
);
