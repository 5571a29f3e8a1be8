/**
 * Removes what is ours and nobody needs: containers of builds that nobody holds, of sessions that are over,
 * images that no snapshot names. Ours means: carries this installation's label. The rows are read after the
 * engine's list, so something that was made in between is never taken for an orphan. What a session's row
 * says is there is asked for by itself, after the row.
 */
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import {
  type HostSession,
  listHostSessions,
  moveSession,
  resendWaitingSessions,
} from "@/lib/sessions/progress.server";
import { claimHolds } from "@/lib/snapshots/claim.server";
import type { Engine, OwnedContainer } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { sweepImages } from "./images";

/**
 * One pass. Safe to run in several workers of a host at once: removing is safe twice.
 * @param starting the sessions that this process is starting right now
 */
export async function sweep(
  worker: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
): Promise<void> {
  const installation = await installationId();
  for (const session of await listHostSessions(worker.hostId)) await settleSession(session, engine);
  await resendWaitingSessions(worker.hostId, { workerId: worker.id, starting });
  const containers = await engine.listContainers(installation);
  const sessions = new Map((await listHostSessions(worker.hostId)).map((session) => [session.id, session]));
  for (const container of containers) {
    if (await isNeeded(container, sessions)) continue;
    log.info({ container: container.name, kind: container.ownership.kind }, "removing a leftover container");
    // One that can't be removed doesn't keep the others.
    await engine
      .removeContainer(container.id)
      .catch((error: unknown) =>
        log.warn({ err: error, container: container.name }, "a leftover container stays"),
      );
  }
  await sweepImages(engine, installation);
}

async function isNeeded(
  { id, ownership }: OwnedContainer,
  sessions: ReadonlyMap<string, HostSession>,
): Promise<boolean> {
  const { kind, owner, attempt, worker } = ownership;
  if (kind !== "session")
    return (
      attempt !== undefined &&
      worker !== undefined &&
      (await claimHolds({ snapshotId: owner, attempt, workerId: worker }))
    );
  const session = sessions.get(owner);
  // One that runs has its container's name in its row; another was left by a worker that was lost at its start.
  return session !== undefined && (session.status !== "running" || session.containerId === id);
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
