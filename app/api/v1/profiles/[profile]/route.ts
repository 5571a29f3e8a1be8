import { getProfile } from "@/lib/profiles/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { updateProfileSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

type Params = { profile: string };

export const GET = route<Params>({ role: "viewer" }, ({ params }) => getProfile(params.profile));

export const PATCH = route<Params, typeof updateProfileSchema>(
  { role: "operator", body: updateProfileSchema },
  ({ actor, params, body }) => updateProfile(actor, params.profile, body),
);

/** Archives: published versions are never deleted. */
export const DELETE = route<Params>({ role: "operator" }, ({ actor, params }) =>
  updateProfile(actor, params.profile, { archived: true }),
);
