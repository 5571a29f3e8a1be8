import { releaseKept } from "@/lib/snapshots/kept.server";
import { route } from "@/lib/web/route.server";

/** Removes the container that a failed build left, before its time. */
export const DELETE = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) =>
  Response.json(await releaseKept(actor, params.id), { status: 202 }),
);
