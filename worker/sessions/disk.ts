/** Looks at what sessions' containers have written, because an engine on overlayfs has no quota. */
import { log } from "@/lib/log.server";
import { listRunningContainers, stopOverDisk } from "@/lib/sessions/disk-limit.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** One after the other: the engine walks through all files of each. @throws EngineError when it doesn't answer. */
export async function limitDisks(
  { hostId }: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  for (const session of await listRunningContainers(hostId)) {
    if (signal.aborted) return;
    try {
      const { ownBytes } = await engine.containerDisk(session.containerId);
      if (await stopOverDisk(hostId, session, ownBytes))
        log.warn({ sessionId: session.id, ownBytes }, "a session has written too much: it is being stopped");
    } catch (error) {
      if (!(error instanceof EngineError) || error.code === "unavailable") throw error;
      log.debug(
        { err: error, sessionId: session.id },
        "a session's disk could not be measured; it may be gone",
      );
    }
  }
}
