import { deleteHook } from "@/lib/hooks/store.server";
import { route } from "@/lib/web/route.server";

export const DELETE = route<{ profile: string; id: string }>(
  { role: "operator" },
  async ({ actor, params }) => {
    await deleteHook(actor, params.profile, params.id);
    return new Response(null, { status: 204 });
  },
);
