import { getBackground, setBackground } from "@/lib/schedules/background.server";
import { backgroundInputSchema } from "@/lib/schedules/wire";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, () => getBackground());

export const PUT = route<Record<string, never>, typeof backgroundInputSchema>(
  { role: "operator", body: backgroundInputSchema },
  ({ actor, body }) => setBackground(actor, body),
);
