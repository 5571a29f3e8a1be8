/** The first look at a sandbox that a session has taken: that it runs, and what couldn't be done while it waited. */
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { recordGiven, startNormally } from "@/lib/pool/settle.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import { stoppedUnlessWanted } from "@/worker/sessions/containers";

/**
 * Safe to repeat. One that has ended is started again, as a session's container that ended with the engine is; where it
 * is gone, or somebody paused it, the session starts from its snapshot. @throws EngineError when the engine doesn't answer.
 */
export async function settleWarm(
  { id, containerId }: { id: string; containerId: string },
  engine: Engine,
): Promise<void> {
  const state = await engine.stateOf(containerId);
  if (state !== "running" && (state === "gone" || !(await started(containerId, engine)))) {
    if (await insist(() => startNormally(id, containerId)))
      return log.warn(
        { sessionId: id },
        "a session's sandbox was dead before it was taken; it starts normally",
      );
    // It was used already, or is being stopped: what becomes of it is as with any other.
    await insist(() => recordGiven(id));
    return;
  }
  if (!(await insist(() => recordGiven(id)))) {
    // Stopped while it was started, and found not running yet.
    if (state !== "running") await stoppedUnlessWanted(id, containerId, engine);
    return;
  }
  // For people who look at the engine; nothing else goes by the name.
  await engine
    .renameContainer(containerId, `kiln-session-${id}`)
    .catch((error: unknown) =>
      log.warn({ err: error, sessionId: id }, "a session's container keeps its name"),
    );
}

async function started(containerId: string, engine: Engine): Promise<boolean> {
  try {
    await engine.start(containerId);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError) || error.code === "unavailable") throw error;
    log.warn({ err: error, containerId }, "a sandbox that waited has ended, and can't be started again");
    return false;
  }
}
