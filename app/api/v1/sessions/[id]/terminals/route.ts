import { getSession } from "@/lib/sessions/store.server";
import { listTerminals } from "@/lib/terminals/store.server";
import { route } from "@/lib/web/route.server";

/** Those of whoever asks that can be come back to, oldest first. */
export const GET = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) => {
  await getSession(params.id);
  return { items: await listTerminals({ kind: "session", id: params.id }, actor.id), nextCursor: null };
});
