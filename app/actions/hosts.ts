"use server";

import { requestSweep } from "@/lib/sweeps/request.server";
import { sweepInputSchema } from "@/lib/sweeps/wire";
import { action } from "@/lib/web/action.server";

/** Answers when every host's worker has. */
export const sweepHosts = action("admin", sweepInputSchema, (actor, { dryRun }) =>
  requestSweep(actor, dryRun),
);
