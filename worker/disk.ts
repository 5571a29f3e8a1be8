/** The engine's disk: measured by a worker, written down for everybody, and asked before a build begins. */
import { env } from "@/lib/env.server";
import { diskShortage } from "@/lib/hosts/disk";
import { engineAway } from "@/lib/hosts/engine-health";
import { hostName, recordDisk } from "@/lib/hosts/store.server";
import { waitInQueue } from "@/lib/snapshots/wait.server";
import { type Engine, EngineError } from "./containers/types";
import type { WorkerIdentity } from "./identity";

/** @returns why builds have to wait; null while there is room, or nobody can say. */
export async function measureDisk({ hostId }: WorkerIdentity, engine: Engine): Promise<string | null> {
  const disk = await engine.disk();
  const host = await recordDisk(hostId, disk);
  return diskShortage(host, disk.freeBytes, env().KILN_DISK_FLOOR_MB);
}

/**
 * @returns false when there is no room, or the engine doesn't answer: the snapshot stays queued, and says why. It is
 * delivered again, to whichever worker is first (F17, F18).
 */
export async function admitBuild(
  snapshotId: string,
  worker: WorkerIdentity,
  { engine, isAway }: { engine: Engine; isAway: boolean },
): Promise<boolean> {
  const reason = await reasonToWait(worker, engine, isAway);
  if (reason) await waitInQueue(snapshotId, reason);
  return reason === null;
}

/** An engine that is known to be away isn't asked: it may take long to say nothing. */
async function reasonToWait(worker: WorkerIdentity, engine: Engine, isAway: boolean): Promise<string | null> {
  if (isAway) return engineAway(await hostName(worker.hostId));
  try {
    // The disk of an engine on this machine can be measured without it.
    const [, shortage] = await Promise.all([engine.identify(), measureDisk(worker, engine)]);
    return shortage;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // What else an engine may say of its disk isn't a build's concern.
    return error.code === "unavailable" ? engineAway(await hostName(worker.hostId)) : null;
  }
}
