/**
 * A build whose worker died, or whose engine was away, is cancelled in its row before its container is gone. When it
 * is, that is written down: asked and enforced are two facts.
 */
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { listUnenforced, recordEnforced } from "@/lib/snapshots/enforced.server";
import type { Engine, OwnedContainer } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

export async function tendCancelled({ hostId }: WorkerIdentity, engine: Engine): Promise<void> {
  const cancelled = await listUnenforced(hostId);
  if (cancelled.length === 0) return;
  const containers = await engine.listContainers(await installationId());
  const left = new Set<string>();
  for (const container of containers) {
    const snapshotId = cancelled.find((one) => isOf(one, container))?.id;
    if (snapshotId === undefined) continue;
    // Nobody builds with it any more, whoever holds the sweep.
    await engine.removeContainer(container.id).catch((error: unknown) => {
      left.add(snapshotId);
      log.warn({ err: error, snapshotId }, "a cancelled build's container stays");
    });
  }
  await recordEnforced(cancelled.map(({ id }) => id).filter((id) => !left.has(id)));
}

/** One that waited for the build has its worker's label; the step's row names it. */
const isOf = (cancelled: { id: string; containers: string[] }, { id, ownership }: OwnedContainer) =>
  cancelled.id === ownership.owner || cancelled.containers.includes(id);
