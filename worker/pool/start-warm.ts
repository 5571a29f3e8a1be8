/** Starts one sandbox ahead. Its row is there before its container, and says whether it is still wanted when that runs. */
import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { failWarm, isWarm, type NewWarm, readyWarm } from "@/lib/pool/refill.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { removed } from "@/worker/sessions/containers";
import { KEEP_ALIVE } from "@/worker/sessions/keep-alive";
import { settleVersion } from "@/worker/sweep/lost-images";

/** @returns false when it failed: the pool rests then. */
export async function startWarm(one: NewWarm, worker: WorkerIdentity, engine: Engine): Promise<boolean> {
  let container: string | undefined;
  try {
    const id = await createWarm(one, engine);
    container = id;
    await engine.start(id);
    if (!(await engine.isRunning(id)))
      throw new EngineError(
        "failed",
        "It ended as soon as it was started. Start a session by hand, and look at its log.",
      );
    if (await insist(() => readyWarm(one, worker.id, id))) {
      engine.standBy(id, { user: one.spec.user, workdir: one.spec.workdir });
      return true;
    }
    // The answer was lost, and it was made; or it isn't wanted any more.
    if (!(await insist(() => isWarm(id)))) await removed(id, engine);
    return true;
  } catch (error) {
    if (container) await removed(container, engine);
    if (!(error instanceof EngineError)) throw error;
    log.warn({ err: error, profileId: one.profileId }, "a sandbox could not be started ahead");
    // An engine that is away is waited for by everybody; that isn't the pool's failure.
    await insist(() => failWarm(one, error.code === "unavailable" ? null : error.message));
    // Before a session finds it out: its image may have been deleted.
    if (error.code === "not_found") await settleVersion(worker, engine, one.versionId);
    return false;
  }
}

/** As a session's own would be, but for what only a session has: its environment is given to what runs in it. */
async function createWarm({ id, imageId, spec }: NewWarm, engine: Engine): Promise<string> {
  if (!imageId) throw new EngineError("not_found", "The snapshot's image is gone. Refresh the version.");
  return engine.createContainer({
    name: `kiln-warm-${id}`,
    image: imageId,
    command: KEEP_ALIVE,
    env: spec.env,
    workdir: spec.workdir,
    user: spec.user,
    limits: spec.resources,
    network: spec.network,
    ownership: { installation: await installationId(), kind: "warm", owner: id },
    volatilePaths: [],
  });
}
