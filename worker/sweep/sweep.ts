/**
 * Removes what is ours and nobody needs: containers of builds that nobody holds, of sessions that are over.
 * Ours means: carries this installation's label. The row is read after the list, so something that was made
 * in between is never taken for an orphan.
 */
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { claimHolds } from "@/lib/snapshots/claim.server";
import { listHostSessions, moveSession, resendWaitingSessions } from "@/lib/sessions/progress.server";
import type { Engine, OwnedContainer } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** One pass. Safe to run in several workers of a host at once: removing is safe twice. */
export async function sweep(worker: WorkerIdentity, engine: Engine): Promise<void> {
  const containers = await engine.listContainers(await installationId());
  const sessions = new Map((await listHostSessions(worker.hostId)).map((session) => [session.id, session]));
  for (const container of containers) {
    if (await isNeeded(container, sessions)) continue;
    log.info({ container: container.name, kind: container.ownership.kind }, "removing a leftover container");
    await engine.removeContainer(container.id);
  }
  const present = new Map(containers.map((container) => [container.ownership.owner, container]));
  for (const session of sessions.values()) {
    if (session.status === "running" && !present.get(session.id)?.running)
      await moveSession(session.id, "failed", { failure: { code: "sandbox_gone", message: "The sandbox ended by itself, or was removed from the engine." } });
    else if (session.status === "running" && session.expired) await moveSession(session.id, "stopping");
  }
  await resendWaitingSessions(worker.hostId);
}

async function isNeeded({ ownership }: OwnedContainer, sessions: ReadonlyMap<string, unknown>): Promise<boolean> {
  const { kind, owner, attempt, worker } = ownership;
  if (kind === "session") return sessions.has(owner);
  return attempt !== undefined && worker !== undefined && (await claimHolds({ snapshotId: owner, attempt, workerId: worker }));
}
