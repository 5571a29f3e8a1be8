/** A volume, opened by a container that is never started: the engine itself reads and writes its files. */
import { installationId } from "@/lib/installation.server";
import { type Engine, EngineError } from "@/worker/containers/types";

/** Where it is in that container; no image has it. */
export const OPENED = "/.kiln-volume";

/** @throws EngineError `not_found` when there is no image to make the container from. */
export async function withVolume<T>(
  engine: Engine,
  { sessionId, volume, imageId }: { sessionId: string; volume: string; imageId: string | null },
  work: (container: string) => Promise<T>,
): Promise<T> {
  if (!imageId) throw new EngineError("not_found", "The snapshot's image is gone. Refresh the version.");
  const ownership = { installation: await installationId(), kind: "persistent" as const, owner: sessionId };
  const container = await engine.createContainer({
    name: `${volume}-open`,
    image: imageId,
    command: ["/never-started"],
    env: {},
    workdir: "/",
    user: "root",
    limits: { cpus: 1, memoryMb: 64, pids: 16 },
    network: "none",
    ownership,
    volatilePaths: [],
    volumes: [{ path: OPENED, volume, ownership }],
  });
  try {
    return await work(container);
  } finally {
    await engine.removeContainer(container);
  }
}
