import { getPersistence, setPersistence } from "@/lib/volumes/allow.server";
import { persistenceInputSchema } from "@/lib/volumes/wire";
import { route } from "@/lib/web/route.server";

export const GET = route({ role: "viewer" }, () => getPersistence());

export const PUT = route<Record<string, never>, typeof persistenceInputSchema>(
  { role: "admin", body: persistenceInputSchema },
  ({ actor, body }) => setPersistence(actor, body),
);
