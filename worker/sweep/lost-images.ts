/**
 * Images of ready snapshots that somebody deleted (F20). A listing is only a hint: it may be older than a capture.
 * What counts is the engine's own "no such image" for that very id, from the engine that the host is.
 */
import { engineIdOf } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";
import { listReadyImages, loseImages, type ReadyImage } from "@/lib/snapshots/lose-images.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** Those that have to be asked for one by one. */
export function missingFrom(
  listed: ReadonlyArray<{ id: string }>,
  ready: readonly ReadyImage[],
): ReadyImage[] {
  const there = new Set(listed.map(({ id }) => id));
  return ready.filter(({ imageId }) => !there.has(imageId));
}

/** @param listed the images that the engine told of, before the rows are read */
export async function settleLostImages(
  worker: WorkerIdentity,
  engine: Engine,
  listed: ReadonlyArray<{ id: string }>,
): Promise<void> {
  await markGone(worker, engine, missingFrom(listed, await listReadyImages(worker.hostId)));
}

/** The same for one version, for whoever was told that an image of it isn't there. */
export async function settleVersion(
  worker: WorkerIdentity,
  engine: Engine,
  versionId: string,
): Promise<void> {
  await markGone(worker, engine, await listReadyImages(worker.hostId, versionId));
}

/** @throws EngineError when the engine doesn't answer: then nothing is known to be gone, and nothing is marked. */
async function markGone(worker: WorkerIdentity, engine: Engine, asked: readonly ReadyImage[]): Promise<void> {
  const gone: ReadyImage[] = [];
  for (const one of asked) if (!(await hasImage(engine, one.imageId))) gone.push(one);
  if (gone.length === 0) return;
  // Another engine may answer at this address by now. It has none of these images, and the host's may have all.
  if ((await engine.identify()).id !== (await engineIdOf(worker.hostId)))
    return log.warn({ hostId: worker.hostId }, "another engine answers; its missing images say nothing");
  for (const versionId of new Set(gone.map((one) => one.versionId)))
    await loseOf(
      worker,
      versionId,
      gone.filter((one) => one.versionId === versionId),
    );
}

/** A version whose rows are in the way doesn't keep the others; the next sweep finds it again. */
async function loseOf({ hostId }: WorkerIdentity, versionId: string, gone: ReadyImage[]): Promise<void> {
  try {
    const lost = await loseImages(hostId, versionId, gone);
    if (lost > 0) log.warn({ versionId, lost }, "images of ready snapshots are gone from the engine");
  } catch (error) {
    log.warn({ err: error, versionId }, "lost images could not be written down");
  }
}

async function hasImage(engine: Engine, imageId: string): Promise<boolean> {
  try {
    await engine.inspectImage(imageId);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.code === "not_found") return false;
    throw error;
  }
}
