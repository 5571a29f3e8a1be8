/** Brings a session's container to where its row says it should be. Every delivery reads the row and does what is due. */
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { moveSession, readSessionPlan, type SessionPlan } from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

const STOP_GRACE_SECONDS = 3;
/** Keeps the sandbox up until it is told to stop; a shell, because images without `sleep infinity` are common. */
const KEEP_ALIVE = ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!; done"];

export async function handleSession(sessionId: string, worker: WorkerIdentity, engine: Engine): Promise<void> {
  const plan = await readSessionPlan(sessionId);
  if (!plan) return;
  if (plan.status === "queued") return startSession(plan, worker, engine);
  if (plan.status === "stopping") {
    await removeSandbox(plan, engine);
    await moveSession(sessionId, "stopped");
  } else if (plan.status === "deleted") await removeSandbox(plan, engine);
}

const nameOf = (sessionId: string) => `kiln-session-${sessionId}`;

async function startSession(plan: SessionPlan, worker: WorkerIdentity, engine: Engine): Promise<void> {
  if (!(await moveSession(plan.id, "starting", { workerId: worker.id }))) return;
  let container: string | undefined;
  try {
    if (!plan.imageId) throw new EngineError("not_found", "The snapshot's image is gone. Refresh the version.");
    container = await engine.createContainer({
      name: nameOf(plan.id),
      image: plan.imageId,
      command: KEEP_ALIVE,
      env: { ...plan.spec.env, ...plan.env },
      workdir: plan.spec.workdir,
      user: plan.spec.user,
      limits: plan.spec.resources,
      network: plan.spec.network,
      ownership: { installation: await installationId(), kind: "session", owner: plan.id },
      volatilePaths: [],
    });
    await engine.start(container);
    if (await moveSession(plan.id, "running", { containerId: container })) return;
    // Stopped or deleted meanwhile: that request's own delivery may have found no container yet.
    await engine.removeContainer(container);
    await moveSession(plan.id, "stopped");
  } catch (error) {
    if (container) await engine.removeContainer(container);
    if (!(error instanceof EngineError)) throw error;
    log.warn({ err: error, sessionId: plan.id }, "a session could not be started");
    const code = error.code === "not_found" ? "snapshot_unavailable" : error.code === "unavailable" ? "engine_unavailable" : "start_failed";
    await moveSession(plan.id, "failed", { failure: { code, message: error.message } });
  }
}

async function removeSandbox(plan: SessionPlan, engine: Engine): Promise<void> {
  const container = plan.containerId ?? nameOf(plan.id);
  await engine.stop(container, STOP_GRACE_SECONDS).catch((error: unknown) => {
    if (!(error instanceof EngineError && error.code === "not_found")) throw error;
  });
  await engine.removeContainer(container);
}
