/** The engine's disk: measured by a worker, written down for everybody, and asked before a build begins. */
import { env } from "@/lib/env.server";
import { diskShortage } from "@/lib/hosts/disk";
import { recordDisk } from "@/lib/hosts/store.server";
import { waitInQueue } from "@/lib/snapshots/wait.server";
import { type Engine, EngineError } from "./containers/types";
import type { WorkerIdentity } from "./identity";

/** @returns why builds have to wait; null while there is room, or nobody can say. */
export async function measureDisk({ hostId }: WorkerIdentity, engine: Engine): Promise<string | null> {
  const disk = await engine.disk();
  const host = await recordDisk(hostId, disk);
  return diskShortage(host, disk.freeBytes, env().KILN_DISK_FLOOR_MB);
}

/** @returns false when there is no room: the snapshot stays queued, and says why. It is delivered again (F18). */
export async function admitBuild(
  snapshotId: string,
  worker: WorkerIdentity,
  engine: Engine,
): Promise<boolean> {
  // What an engine that doesn't answer means for the build is told by the build itself.
  const shortage = await measureDisk(worker, engine).catch((error: unknown) => {
    if (error instanceof EngineError) return null;
    throw error;
  });
  if (shortage) await waitInQueue(snapshotId, shortage);
  return shortage === null;
}
