import { runNext } from "@/lib/queue/queue.server";
import { route } from "@/lib/web/route.server";

/** Puts a build that waits before all others. */
export const POST = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) =>
  Response.json(await runNext(actor, params.id), { status: 202 }),
);
