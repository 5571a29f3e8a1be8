import { testChannel } from "@/lib/channels/store.server";
import { route } from "@/lib/web/route.server";

/** Sends something that says that it is a test. */
export const POST = route<{ id: string }>({ role: "admin" }, async ({ actor, params }) =>
  Response.json(await testChannel(actor, params.id), { status: 202 }),
);
