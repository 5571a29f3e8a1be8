import { readPool } from "@/lib/pool/store.server";
import { route } from "@/lib/web/route.server";

/** Its sandboxes that are started ahead: how many wait, and what that costs. */
export const GET = route<{ profile: string }>({ role: "viewer" }, ({ params }) => readPool(params.profile));
