import { readValue } from "@/lib/value/value.server";
import { route } from "@/lib/web/route.server";

/** What its snapshots have been worth in the last 30 days. */
export const GET = route<{ profile: string }>({ role: "viewer" }, ({ params }) => readValue(params.profile));
