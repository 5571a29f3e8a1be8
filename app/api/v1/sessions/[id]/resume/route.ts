import { resumeSession } from "@/lib/sessions/resume.server";
import { route } from "@/lib/web/route.server";

export const POST = route<{ id: string }>({ role: "operator" }, async ({ actor, params }) =>
  Response.json(await resumeSession(actor, params.id), { status: 202 }),
);
