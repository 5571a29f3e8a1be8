import { listOwners, setOwners } from "@/lib/profiles/owners.server";
import { ownersInputSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

export const GET = route<Params>({ role: "viewer" }, ({ params }) => listOwners(params.profile));

/** These people and no others. */
export const PUT = route<Params, typeof ownersInputSchema>(
  { role: "operator", body: ownersInputSchema },
  ({ actor, params, body }) => setOwners(actor, params.profile, body.userIds),
);
