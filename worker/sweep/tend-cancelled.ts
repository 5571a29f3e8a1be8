/**
 * A build whose worker died, or whose engine was away, is cancelled in its row before its container is gone. When it
 * is, that is written down: asked and enforced are two facts.
 */
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { listUnenforced, recordEnforced } from "@/lib/snapshots/enforced.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

export async function tendCancelled({ hostId }: WorkerIdentity, engine: Engine): Promise<void> {
  const cancelled = await listUnenforced(hostId);
  if (cancelled.length === 0) return;
  const containers = await engine.listContainers(await installationId());
  const left = new Set<string>();
  for (const { id, ownership } of containers) {
    if (!cancelled.includes(ownership.owner)) continue;
    // Nobody builds with it any more, whoever holds the sweep.
    await engine.removeContainer(id).catch((error: unknown) => {
      left.add(ownership.owner);
      log.warn({ err: error, snapshotId: ownership.owner }, "a cancelled build's container stays");
    });
  }
  await recordEnforced(cancelled.filter((id) => !left.has(id)));
}
