import { openTerminal } from "@/lib/terminals/open.server";
import { ticketRequestSchema } from "@/lib/terminals/wire";
import { route } from "@/lib/web/route.server";
import { credentialRow } from "@/lib/web/session.server";

/** A ticket for a new terminal in the container that a failed build left, or for one that is there. What opens with it is a WebSocket at `…/terminal`. */
export const POST = route<{ id: string }, typeof ticketRequestSchema>(
  { role: "operator", body: ticketRequestSchema },
  async ({ actor, params, body }) =>
    Response.json(
      await openTerminal(actor, { kind: "snapshot", id: params.id }, await credentialRow(actor), body),
      {
        status: 201,
        headers: { "cache-control": "no-store" },
      },
    ),
);
