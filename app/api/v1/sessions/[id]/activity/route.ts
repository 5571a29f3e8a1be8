import { lookAtSession } from "@/lib/activity/activity.server";
import { route } from "@/lib/web/route.server";

/** Command lines may hold what isn't everybody's, so it takes who may run commands. */
export const GET = route<{ id: string }>({ role: "operator" }, ({ actor, params }) =>
  lookAtSession(actor, params.id),
);
