/**
 * Looks after sessions between their jobs: those whose time is up, whose sandbox is gone, or whose job was lost.
 * What a session's row says is there is asked for by itself, after the row.
 */
import { log } from "@/lib/log.server";
import {
  type HostSession,
  listHostSessions,
  moveSession,
  resendWaitingSessions,
} from "@/lib/sessions/progress.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** @param starting the sessions that this process is starting right now */
export async function tendSessions(
  { id: workerId, hostId }: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
): Promise<void> {
  for (const session of await listHostSessions(hostId)) await settleSession(session, engine);
  await resendWaitingSessions(hostId, { workerId, starting });
}

async function settleSession(
  { id, status, containerId, expired }: HostSession,
  engine: Engine,
): Promise<void> {
  if (status !== "running") return;
  if (containerId !== null && (await engine.isRunning(containerId))) {
    if (expired) await moveSession(id, "stopping");
    return;
  }
  const failure = {
    code: "sandbox_gone",
    message: "The sandbox ended by itself, or was removed from the engine.",
  };
  if (await moveSession(id, "failed", { failure }))
    log.warn({ sessionId: id }, "a session's sandbox is gone");
}
