import { listStale } from "@/lib/upstream/stale.server";
import { route } from "@/lib/web/route.server";

/** What sessions start from and is out of date, with the reasons. */
export const GET = route({ role: "viewer" }, () => listStale());
