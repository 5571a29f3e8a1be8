import { getVersion } from "@/lib/profiles/store.server";
import { versionNumber } from "@/lib/profiles/version-number";
import { route } from "@/lib/web/route.server";

export const GET = route<{ profile: string; number: string }>({ role: "viewer" }, ({ params }) =>
  getVersion(params.profile, versionNumber(params.number)),
);
