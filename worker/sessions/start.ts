/** Brings a session's container to where its row says it should be. Every delivery reads the row and does what is due. */
import { randomUUID } from "node:crypto";
import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { sessionFailure, startReason } from "@/lib/sandboxes/start-failure";
import { startAnew, stopWithout } from "@/lib/sessions/anew.server";
import {
  claimContainer,
  moveSession,
  readSessionPlan,
  releaseContainer,
  type SessionPlan,
} from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { settleWarm } from "@/worker/pool/settle";
import { containerLost, mountVolumes, removeVolumes, volumesStarted } from "@/worker/volumes/mount";
import { removed, stopped, stoppedUnlessWanted } from "./containers";
import { KEEP_ALIVE } from "./keep-alive";
import { moveSandbox } from "./move";
import { seatAgain } from "./seat-again";
import { expectFirst } from "./stand-by";

/** @param starting the sessions that this process is starting right now */
export async function handleSession(
  sessionId: string,
  worker: WorkerIdentity,
  engine: Engine,
  starting: Set<string>,
): Promise<void> {
  const plan = await readSessionPlan(sessionId);
  if (!plan) return;
  if (plan.status === "queued" && !starting.has(sessionId)) {
    starting.add(sessionId);
    await startSession(plan, worker, engine).finally(() => starting.delete(sessionId));
  } else if (plan.status === "running" && plan.untried && plan.containerId)
    await settleWarm({ id: plan.id, containerId: plan.containerId }, engine);
  else if (plan.status === "stopping") await stopSandbox(plan, engine);
  else if (plan.status === "resuming" && plan.movingTo) {
    if (starting.has(sessionId)) return;
    starting.add(sessionId);
    const create = (next: SessionPlan, suffix: string) => createSandbox(next, worker, engine, suffix);
    const rest = await moveSandbox(plan, plan.movingTo, engine, create).finally(() =>
      starting.delete(sessionId),
    );
    if (rest === "goes_on") await handleSession(sessionId, worker, engine, starting);
  } else if (plan.status === "resuming") await resumeSandbox(plan, engine);
  else if (plan.status === "deleted") await removeSandboxes(plan, engine);
}

async function startSession(plan: SessionPlan, worker: WorkerIdentity, engine: Engine): Promise<void> {
  if (!(await moveSession(plan.id, "starting", { workerId: worker.id }))) return;
  // Each round takes another ready snapshot out of the version, so there is an end to them.
  for (let next: SessionPlan | null = plan; next; ) next = await startFrom(next, worker, engine);
}

/** @returns what to start it from instead, when its snapshot's image turned out to be gone. */
async function startFrom(
  plan: SessionPlan,
  worker: WorkerIdentity,
  engine: Engine,
): Promise<SessionPlan | null> {
  const by = worker.id;
  let container: string | undefined;
  try {
    const id = await createSandbox(plan, worker, engine);
    container = id;
    await engine.start(id);
    // It enters while the row is written and its answer is on its way.
    expectFirst(engine, id, plan.spec);
    if (plan.persistent) await volumesStarted(plan, id, engine);
    if (await insist(() => moveSession(plan.id, "running", { by, containerId: id }))) return null;
    const now = await insist(() => readSessionPlan(plan.id));
    // The answer to the move was lost, and it was made.
    if (now?.status === "running" && now.containerId === id) return null;
    // Stopped or deleted meanwhile, which may have found no container yet; or another worker's by now.
    await removed(id, engine);
    return null;
  } catch (error) {
    if (container) await removed(container, engine);
    if (!(error instanceof EngineError)) throw error;
    return recoverStart(plan, worker, engine, error);
  }
}

/** @returns what to start it from instead; null when it has ended. */
async function recoverStart(
  plan: SessionPlan,
  worker: WorkerIdentity,
  engine: Engine,
  error: EngineError,
): Promise<SessionPlan | null> {
  log.warn({ err: error, sessionId: plan.id }, "a session could not be started");
  try {
    const seat = error.code === "not_found" ? await seatAgain(plan, worker, engine, error.message) : error;
    if (seat === null) return null;
    if ("plan" in seat) return seat.plan;
    await fail(plan, worker, failureCodes[error.code], seat.message);
  } catch (unanswered) {
    if (!(unanswered instanceof EngineError)) throw unanswered;
    await fail(plan, worker, failureCodes[unanswered.code], unanswered.message);
  }
  return null;
}

const failureCodes: Record<EngineError["code"], string> = {
  not_found: "snapshot_unavailable",
  unavailable: "engine_unavailable",
  conflict: "start_failed",
  failed: "start_failed",
};

async function fail(
  plan: SessionPlan,
  { id: by }: WorkerIdentity,
  code: string,
  message: string,
): Promise<void> {
  const failure = { code, message: sessionFailure(message) };
  await insist(() => moveSession(plan.id, "failed", { by, failure }));
}

/** @param suffix of its name: a second one beside the session's own */
async function createSandbox(
  plan: SessionPlan,
  worker: WorkerIdentity,
  engine: Engine,
  suffix = "",
): Promise<string> {
  if (!plan.imageId) throw new EngineError("not_found", "The snapshot's image is gone. Refresh the version.");
  return engine.createContainer({
    // Each worker that may start it has a name of its own: one that comes back late replaces nobody's container.
    name: `kiln-session-${plan.id}-${worker.id.slice(-6)}${suffix}`,
    image: plan.imageId,
    command: KEEP_ALIVE,
    // What is given to it alone comes with each of its commands: no secret is in what the engine tells of a container.
    env: plan.spec.env,
    workdir: plan.spec.workdir,
    user: plan.spec.user,
    limits: plan.spec.resources,
    network: plan.spec.network,
    ownership: { installation: await installationId(), kind: "session", owner: plan.id },
    volatilePaths: [],
    volumes: plan.persistent ? await mountVolumes(plan, worker, engine) : [],
  });
}

/** Its own stays as it is, for whoever takes it up again; what a worker that was lost left beside it goes. */
async function stopSandbox(plan: SessionPlan, engine: Engine): Promise<void> {
  const own = await sandboxesOf(plan, engine);
  // The row after the engine: the container of one that was taken up again since the plan was read is nobody's to stop or remove.
  const claim = randomUUID();
  if (!(await insist(() => claimContainer(plan, "stop", claim)))) return;
  try {
    await stopClaimed(plan, own, engine);
  } catch (error) {
    await insist(() => releaseContainer(plan.id, claim));
    throw error;
  }
}

async function stopClaimed(plan: SessionPlan, own: readonly string[], engine: Engine): Promise<void> {
  for (const id of own) {
    await stopped(id, engine);
    if (id !== plan.containerId) await engine.removeContainer(id);
  }
  const { id, containerId } = plan;
  if (containerId !== null && !own.includes(containerId)) {
    if (await insist(() => stopWithout(id, containerId))) return;
    await insist(() => moveSession(plan.id, "failed", { seen: plan, failure: sandboxGone }));
  } else await insist(() => moveSession(plan.id, plan.stopReason === "expired" ? "expired" : "stopped"));
}

export const sandboxGone = {
  code: "sandbox_gone",
  message: "The sandbox ended by itself, or was removed from the engine.",
};

async function resumeSandbox(plan: SessionPlan, engine: Engine): Promise<void> {
  const { id, containerId } = plan;
  if (containerId === null) return;
  try {
    await engine.start(containerId);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    log.warn({ err: error, sessionId: id }, "a session could not be resumed");
    if (error.code !== "not_found") {
      // One that failed is over, and its container goes. It may run all the same: so it is stopped as any other.
      const notice = `It couldn't be resumed: ${startReason(error.message)} Its files are kept: resume it again.`;
      if (await insist(() => moveSession(id, "stopping", { seen: plan, notice })))
        await stopSandbox(plan, engine);
    } else if (!(await insist(() => startAnew(id, containerId, containerLost))))
      await insist(() => moveSession(id, "failed", { seen: plan, failure: sandboxGone }));
    return;
  }
  if (await insist(() => moveSession(id, "running"))) return;
  // Stopped again while it was started, and found not running yet.
  await stoppedUnlessWanted(id, containerId, engine);
}

/**
 * Found by their labels: a worker that was lost in the middle may have left one that no row names. One that was started
 * ahead has none of the session: its row names it.
 */
async function sandboxesOf(plan: SessionPlan, engine: Engine): Promise<string[]> {
  const all = await engine.listContainers(await installationId());
  return all
    .filter(({ id, ownership: { kind, owner } }) =>
      kind === "warm" ? id === plan.containerId : kind === "session" && owner === plan.id,
    )
    .map(({ id }) => id);
}

/** What can't be removed now is the sweep's. */
async function removeSandboxes(plan: SessionPlan, engine: Engine): Promise<void> {
  for (const id of await sandboxesOf(plan, engine)) {
    await stopped(id, engine);
    await engine.removeContainer(id);
  }
  if (plan.persistent) await removeVolumes(plan.id, engine);
}
