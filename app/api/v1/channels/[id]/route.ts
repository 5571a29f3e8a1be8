import { deleteChannel } from "@/lib/channels/store.server";
import { route } from "@/lib/web/route.server";

export const DELETE = route<{ id: string }>({ role: "admin" }, async ({ actor, params }) => {
  await deleteChannel(actor, params.id);
  return new Response(null, { status: 204 });
});
