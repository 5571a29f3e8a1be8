import { getLastTry, tryDraft } from "@/lib/profiles/try.server";
import { tryInputSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

/** The newest try, and whether the draft has changed since. */
export const GET = route<Params>({ role: "viewer" }, ({ params }) => getLastTry(params.profile));

/** 201 with the new snapshot, or 200 with the one that is queued or running. */
export const POST = route<Params, typeof tryInputSchema>(
  { role: "operator", body: tryInputSchema },
  async ({ actor, params, body }) => {
    const { snapshot, joined } = await tryDraft(actor, params.profile, body);
    return Response.json(snapshot, { status: joined ? 200 : 201 });
  },
);
