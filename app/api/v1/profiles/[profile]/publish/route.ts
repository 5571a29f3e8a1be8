import { publishDraft } from "@/lib/profiles/draft.server";
import { publishSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

export const POST = route<{ profile: string }, typeof publishSchema>(
  { role: "operator", body: publishSchema },
  async ({ actor, params, body }) =>
    Response.json(await publishDraft(actor, params.profile, body), { status: 201 }),
);
