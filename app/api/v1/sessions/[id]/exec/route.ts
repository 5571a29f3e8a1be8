import { execSchema } from "@/lib/commands/wire";
import { execInSession, streamInSession } from "@/lib/sessions/exec.server";
import { execResponse, wantedForm } from "@/lib/web/exec-response.server";
import { route } from "@/lib/web/route.server";

/** By `Accept`: JSON at its end, or its output as it comes, as ndjson or as events. */
export const POST = route<{ id: string }, typeof execSchema>(
  { role: "operator", body: execSchema },
  async ({ request, actor, params, body }) => {
    const form = wantedForm(request);
    if (form === "json") return execInSession(actor, params.id, body);
    return execResponse(request, actor, form, () => streamInSession(actor, params.id, body));
  },
);
