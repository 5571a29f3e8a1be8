import { closeTerminal } from "@/lib/terminals/close.server";
import { route } from "@/lib/web/route.server";

/** Ends the shell. Whoever may open it may: any operator. */
export const DELETE = route<{ id: string; terminal: string }>(
  { role: "operator" },
  async ({ actor, params }) => {
    await closeTerminal(actor, { kind: "session", id: params.id }, params.terminal);
    return new Response(null, { status: 204 });
  },
);
