/** Brings an archived path back into a volume. The archive stays until the row says that it is there. */
import { insist } from "@/lib/db/insist.server";
import { log } from "@/lib/log.server";
import { abandonRestore, beginRestore, endRestore } from "@/lib/volumes/mount.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { hasArchive, readArchive, removeArchive, verifyArchive } from "./archive-file";
import { withVolume } from "./opened";

/** @returns the volume. @throws EngineError `failed` when the archive isn't there or isn't whole; it stays then. */
export async function restoreVolume(
  session: { id: string; imageId: string | null },
  id: string,
  worker: WorkerIdentity,
  engine: Engine,
): Promise<string> {
  const task = await insist(() => beginRestore(session.id, id));
  if (!task) throw new EngineError("conflict", "The session isn't being started any more.");
  const { path, volume, file, sha256, sessionId } = task;
  const { signal } = new AbortController();
  try {
    if (!(await hasArchive(file)))
      throw new EngineError(
        "failed",
        `The archive of ${path} isn't on the disk of the worker ${worker.name}: ${file}. Bring it back into its data folder, under archives, and resume the session.`,
      );
    await verifyArchive(file, sha256, signal);
    await withVolume(engine, { sessionId, volume, imageId: session.imageId }, (container) =>
      engine.importFolder(container, "/", readArchive(file), signal),
    );
  } catch (error) {
    await insist(() => abandonRestore(task));
    if (error instanceof EngineError) throw error;
    throw new EngineError("failed", `The archive of ${path} can't be read: ${wordsOf(error)}`, {
      cause: error,
    });
  }
  if (!(await insist(() => endRestore(task))))
    throw new EngineError("conflict", "The session is being restored by another worker.");
  // One that stays is collected with the next look at the folder.
  await removeArchive(file).catch((error: unknown) => log.warn({ err: error, file }, "an archive stays"));
  log.info({ sessionId, path }, "an archive was restored");
  return volume;
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
