import { requestSweep } from "@/lib/sweeps/request.server";
import { sweepInputSchema } from "@/lib/sweeps/wire";
import { route } from "@/lib/web/route.server";

/** Answers when every host's worker has: what would be, or was, removed, and why. */
export const POST = route<Record<string, never>, typeof sweepInputSchema>(
  { role: "admin", body: sweepInputSchema },
  ({ actor, body }) => requestSweep(actor, body.dryRun),
);
