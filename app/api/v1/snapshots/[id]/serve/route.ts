import { serveSnapshot } from "@/lib/snapshots/serve.server";
import { serveSchema } from "@/lib/snapshots/wire";
import { route } from "@/lib/web/route.server";

/** Rolls the snapshot's version back, or forward, to it. */
export const POST = route<{ id: string }, typeof serveSchema>(
  { role: "operator", body: serveSchema },
  ({ actor, params, body }) => serveSnapshot(actor, params.id, body.reason),
);
