/** Replaces a persistent session's container by one from another snapshot. The old one stays until the new one runs. */
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { abandonMove, commitMove } from "@/lib/sessions/moved.server";
import { readSessionPlan, type SessionPlan } from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import { volumesStarted } from "@/worker/volumes/mount";
import { removed, stopped } from "./containers";

/**
 * @param create makes the new container, under a name of its own
 * @returns whether it is to be resumed, or started, as it was: it couldn't be moved.
 */
export async function moveSandbox(
  plan: SessionPlan,
  to: NonNullable<SessionPlan["movingTo"]>,
  engine: Engine,
  create: (next: SessionPlan, suffix: string) => Promise<string>,
): Promise<"settled" | "goes_on"> {
  const { id, containerId } = plan;
  const next = { ...plan, imageId: to.imageId, spec: to.spec };
  let made: string | null = null;
  try {
    // Not two at a time on the same files.
    if (containerId) await stopped(containerId, engine);
    made = await create(next, `-${to.snapshotId.slice(-6)}`);
    await engine.start(made);
    await volumesStarted(next, made, engine);
    const facts = { to: to.snapshotId, from: containerId, containerId: made };
    if (await insist(() => commitMove(id, facts))) {
      if (containerId) await removed(containerId, engine);
      return "settled";
    }
    const now = await insist(() => readSessionPlan(id));
    // Stopped or deleted meanwhile; or the answer was lost, and it was made.
    if (now?.containerId !== made) await removed(made, engine);
    return "settled";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    log.warn({ err: error, sessionId: id }, "a session could not be moved");
    if (made) await removed(made, engine);
    const notice = `It couldn't be moved to #${to.number}: ${error.message.replace(/\.?$/, ".")} It goes on from the snapshot that it was from; programs that ran in it are gone.`;
    return (await insist(() => abandonMove(id, to.snapshotId, notice))) ? "goes_on" : "settled";
  }
}
