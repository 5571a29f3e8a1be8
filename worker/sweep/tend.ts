/**
 * Looks after sessions between their jobs: those whose time is up, whose sandbox is gone, or whose job was lost.
 * What a session's row says is there is asked for by itself, after the row.
 */
import { log } from "@/lib/log.server";
import { startReason } from "@/lib/sandboxes/start-failure";
import { startAnew } from "@/lib/sessions/anew.server";
import {
  deleteForgotten,
  type HostSession,
  listHostSessions,
  moveSession,
  noteRestart,
  resendWaitingSessions,
  stopDue,
} from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { settleWarm } from "@/worker/pool/settle";
import { stoppedUnlessWanted } from "@/worker/sessions/containers";
import { sandboxGone } from "@/worker/sessions/start";
import { containerLost } from "@/worker/volumes/mount";

/** @param starting the sessions that this process is starting right now */
export async function tendSessions(
  { id: workerId, hostId }: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
): Promise<void> {
  for (const session of await listHostSessions(hostId)) await settleAlone(session, engine);
  await resendWaitingSessions(hostId, { workerId, starting });
  await deleteForgotten(hostId);
}

/** What the engine refuses to do for one of them doesn't keep the others. @throws EngineError when it doesn't answer. */
async function settleAlone(session: HostSession, engine: Engine): Promise<void> {
  try {
    await settleSession(session, engine);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === "unavailable") throw error;
    log.warn(
      { err: error, sessionId: session.id },
      "a session could not be looked after; the next look does",
    );
  }
}

async function settleSession(session: HostSession, engine: Engine): Promise<void> {
  const { id, status, containerId, expired, idleMinutes, settled } = session;
  if (status !== "running") return;
  // Its job was lost with a worker.
  if (session.untried && containerId !== null) return settleWarm({ id, containerId }, engine);
  const state = containerId === null ? "gone" : await engine.stateOf(containerId);
  if (state === "running" || state === "paused") {
    if (expired || idleMinutes !== null) await stopDue(id);
    return;
  }
  // The engine was restarted, or something killed it: its files are there. One that ends again within a minute isn't started again.
  if (containerId !== null && state === "exited" && settled) return startAgain(session, containerId, engine);
  if (session.persistent && containerId !== null && (await startAnew(id, containerId, containerLost))) return;
  // Not one that was moved, or started anew, since it was listed.
  if (await moveSession(id, "failed", { seen: session, failure: sandboxGone }))
    log.warn({ sessionId: id }, "a session's sandbox is gone");
}

async function startAgain(session: HostSession, containerId: string, engine: Engine): Promise<void> {
  const { id } = session;
  try {
    await engine.start(containerId);
  } catch (error) {
    // Away, or gone since it was looked at: the next look knows more.
    if (!(error instanceof EngineError) || error.code === "unavailable" || error.code === "not_found")
      throw error;
    log.warn({ err: error, sessionId: id }, "a session's sandbox can't be started again");
    const notice = `Its sandbox had ended, and couldn’t be started again: ${startReason(error.message)} Its files are kept: resume it to try again.`;
    // Its job comes with the sessions that wait.
    await moveSession(id, "stopping", { seen: session, notice });
    return;
  }
  const notice =
    "Its sandbox had ended, with the container engine or by itself, and was started again. Files are as they were; programs that ran in it are gone.";
  if (await noteRestart(id, containerId, notice))
    log.warn({ sessionId: id }, "a session's sandbox was started again");
  else await stoppedUnlessWanted(id, containerId, engine);
}
