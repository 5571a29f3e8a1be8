import { deleteSession } from "@/lib/sessions/delete.server";
import { getSession } from "@/lib/sessions/store.server";
import { route } from "@/lib/web/route.server";

type Params = { id: string };

export const GET = route<Params>({ role: "viewer" }, ({ params }) => getSession(params.id));

export const DELETE = route<Params>({ role: "operator" }, async ({ actor, params }) => {
  await deleteSession(actor, params.id);
  return new Response(null, { status: 204 });
});
