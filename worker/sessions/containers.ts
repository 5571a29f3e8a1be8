/** How a session's container is stopped and removed. */
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { readSessionPlan } from "@/lib/sessions/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";

const STOP_GRACE_SECONDS = 3;

/** One that is gone has stopped. */
export async function stopped(container: string, engine: Engine): Promise<void> {
  await engine.stop(container, STOP_GRACE_SECONDS).catch((error: unknown) => {
    if (!(error instanceof EngineError && error.code === "not_found")) throw error;
  });
}

/** One that was started, and whose row couldn't be told so: it stops, unless its session runs again, or is about to. */
export async function stoppedUnlessWanted(session: string, container: string, engine: Engine): Promise<void> {
  const now = await insist(() => readSessionPlan(session));
  if (now?.status !== "running" && now?.status !== "resuming") await stopped(container, engine);
}

/** A failed removal is an orphan for the sweep. */
export async function removed(container: string, engine: Engine): Promise<void> {
  await engine
    .removeContainer(container)
    .catch((error: unknown) =>
      log.warn({ err: error, container }, "a session's container is left for the sweep"),
    );
}
