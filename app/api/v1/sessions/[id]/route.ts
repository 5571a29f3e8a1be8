import type { z } from "zod";
import { deleteSession } from "@/lib/sessions/delete.server";
import { getSession } from "@/lib/sessions/store.server";
import { deleteSchema } from "@/lib/sessions/wire";
import { route } from "@/lib/web/route.server";

type Params = { id: string };

export const GET = route<Params>({ role: "viewer" }, ({ params }) => getSession(params.id));

export const DELETE = route<Params, z.ZodUndefined, typeof deleteSchema>(
  { role: "operator", query: deleteSchema },
  async ({ actor, params, query }) => {
    await deleteSession(actor, params.id, query.confirm);
    return new Response(null, { status: 204 });
  },
);
