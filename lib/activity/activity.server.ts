/** Looks at what runs in a session. */

import { lookInto } from "@/lib/commands/run.server";
import { databaseTime } from "@/lib/db/clock.server";
import { placeOf } from "@/lib/sessions/exec.server";
import type { Actor } from "@/lib/users/roles";
import { readActivity } from "./parse";
import { activityProgram, NAME } from "./program";
import type { Activity } from "./wire";

const SECONDS = 10;

/** @throws AppError 404; 409 `not_running`; 422 when the image has no shell; 504 when no worker answers. */
export async function lookAtSession(actor: Actor, sessionId: string): Promise<Activity> {
  const request = { command: ["/bin/sh", "-c", activityProgram, NAME], timeoutSeconds: SECONDS };
  const { stdout } = await lookInto(actor, await placeOf(sessionId), request);
  return readActivity(stdout, databaseTime());
}
