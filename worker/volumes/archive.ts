/** Moves the files of a session that nobody uses into archives. Whatever it is interrupted by, one of the two has them. */
import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import { type ArchiveTask, abandonArchive, beginArchive, recordArchived } from "@/lib/volumes/archive.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { writeArchive } from "./archive-file";
import { OPENED, withVolume } from "./opened";

/** @throws what was in the way; it is tried again later. */
export async function archiveSession(
  sessionId: string,
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  // Listed before: what is made afterwards is a new beginning's, and not to be touched.
  const containers = (await engine.listContainers(await installationId())).filter(
    ({ ownership }) =>
      ownership.owner === sessionId && (ownership.kind === "session" || ownership.kind === "persistent"),
  );
  const begun = await insist(() => beginArchive(sessionId, worker.id));
  if (!begun) return;
  try {
    for (const { id } of containers) await engine.removeContainer(id);
    for (const task of begun.volumes) await archiveVolume(task, begun.imageId, engine, signal);
  } catch (error) {
    // Of these the volumes are what there is. What was archived already stays that.
    for (const task of begun.volumes) await insist(() => abandonArchive(task));
    throw error;
  }
}

async function archiveVolume(
  task: ArchiveTask,
  imageId: string | null,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const { volume, file, sessionId } = task;
  const facts = await withVolume(engine, { sessionId, volume, imageId }, (container) =>
    writeArchive(file, engine.exportFolder(container, OPENED, signal), signal),
  );
  // Taken up meanwhile: the volume is what counts. Or recorded, and only the answer was lost: the archive is. The row says which,
  // so the look at the folder removes what isn't needed.
  if (!(await insist(() => recordArchived(task, facts)))) return;
  log.info({ sessionId, volume, ...facts }, "a volume was archived");
  // One that something still uses is the sweep's.
  await engine.removeVolume(volume);
}
