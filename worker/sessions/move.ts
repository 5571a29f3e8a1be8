/** Replaces a persistent session's container by one from another snapshot. The old one stays until the new one runs. */
import { randomUUID } from "node:crypto";
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { startReason } from "@/lib/sandboxes/start-failure";
import { abandonMove, commitMove } from "@/lib/sessions/moved.server";
import {
  claimContainer,
  readSessionPlan,
  releaseContainer,
  type SessionPlan,
} from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import { volumesStarted } from "@/worker/volumes/mount";
import { removed, stopped } from "./containers";

type Rest = "settled" | "goes_on";
type Target = NonNullable<SessionPlan["movingTo"]>;
type Create = (next: SessionPlan, suffix: string) => Promise<string>;

/**
 * A stop waits until the move is over: a session that was stopped and resumed beside it would have its container
 * stopped by the move, and its files used by two.
 * @param create makes the new container, under a name of its own
 * @returns whether its row says something else to do now: it couldn't be moved, or is to be stopped.
 */
export async function moveSandbox(
  plan: SessionPlan,
  to: Target,
  engine: Engine,
  create: Create,
): Promise<Rest> {
  const claim = randomUUID();
  if (!(await insist(() => claimContainer(plan, "move", claim)))) return "settled";
  try {
    return await moveClaimed(plan, to, engine, create);
  } finally {
    await insist(() => releaseContainer(plan.id, claim));
  }
}

async function moveClaimed(plan: SessionPlan, to: Target, engine: Engine, create: Create): Promise<Rest> {
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
    return now?.status === "stopping" ? "goes_on" : "settled";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    log.warn({ err: error, sessionId: id }, "a session could not be moved");
    if (made) await removed(made, engine);
    const notice = `It couldn't be moved to #${to.number}: ${startReason(error.message)} It goes on from the snapshot that it was from; programs that ran in it are gone.`;
    if (await insist(() => abandonMove(id, to.snapshotId, notice))) return "goes_on";
    return (await insist(() => readSessionPlan(id)))?.status === "stopping" ? "goes_on" : "settled";
  }
}
