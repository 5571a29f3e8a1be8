/** Sessions without an engine: a worker's moves, made by hand. */
import { createSession } from "@/lib/sessions/create.server";
import { moveSession } from "@/lib/sessions/progress.server";
import type { SessionWire } from "@/lib/sessions/wire";
import { nextNumber } from "./numbers";
import { operator } from "./people";
import type { TestWorker } from "./workers";

/** A queued session of the profile's newest usable version. */
export function makeSession(profile: string): Promise<SessionWire> {
  return createSession(operator, { profile, env: {} });
}

/** What a worker writes down when the sandbox has started. @returns the container's id. */
export async function startSandbox(sessionId: string, worker: TestWorker): Promise<string> {
  const containerId = `container-${nextNumber()}`;
  await moveSession(sessionId, "starting", { workerId: worker.id });
  await moveSession(sessionId, "running", { containerId });
  return containerId;
}

/** A session that runs. */
export async function makeRunningSession(profile: string, worker: TestWorker): Promise<SessionWire> {
  const session = await makeSession(profile);
  await startSandbox(session.id, worker);
  return session;
}
