import { getBlackouts, setBlackouts } from "@/lib/schedules/blackout.server";
import { blackoutsInputSchema } from "@/lib/schedules/input";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, () => getBlackouts());

export const PUT = route<Record<string, never>, typeof blackoutsInputSchema>(
  { role: "operator", body: blackoutsInputSchema },
  ({ actor, body }) => setBlackouts(actor, body.windows),
);
