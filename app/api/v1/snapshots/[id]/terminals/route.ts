import { getSnapshot } from "@/lib/snapshots/store.server";
import { listTerminals } from "@/lib/terminals/store.server";
import { route } from "@/lib/web/route.server";

/** Those in the container that a failed build left, of whoever asks, that can be come back to, oldest first. */
export const GET = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) => {
  await getSnapshot(params.id);
  return { items: await listTerminals({ kind: "snapshot", id: params.id }, actor.id), nextCursor: null };
});
