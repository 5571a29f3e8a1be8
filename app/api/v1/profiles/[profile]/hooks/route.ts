import { createHook, listHooks } from "@/lib/hooks/store.server";
import { hookInputSchema } from "@/lib/hooks/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

/** Their addresses are for those who may refresh. */
export const GET = route<Params>({ role: "operator" }, ({ params }) => listHooks(params.profile));

/** The answer has the key that messages are to be signed with: nobody can read it again. */
export const POST = route<Params, typeof hookInputSchema>(
  { role: "operator", body: hookInputSchema },
  async ({ actor, params, body }) =>
    Response.json(await createHook(actor, params.profile, body), { status: 201 }),
);
