import { pinVersion } from "@/lib/profiles/pin.server";
import { versionNumber } from "@/lib/profiles/version-number";
import { pinSchema } from "@/lib/profiles/wire";
import { route } from "@/lib/web/route.server";

export const PUT = route<{ profile: string; number: string }, typeof pinSchema>(
  { role: "operator", body: pinSchema },
  ({ actor, params, body }) => pinVersion(actor, params.profile, versionNumber(params.number), body.pinned),
);
