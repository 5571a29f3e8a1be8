import { execSchema } from "@/lib/commands/wire";
import { execInKept } from "@/lib/snapshots/kept.server";
import { route } from "@/lib/web/route.server";

/** In the container that a failed build left. */
export const POST = route<{ id: string }, typeof execSchema>(
  { role: "operator", body: execSchema },
  ({ actor, params, body }) => execInKept(actor, params.id, body),
);
