/** Takes one inventory: reads the image through a container that is never started, and removes that. */
import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import type { Reading } from "@/lib/inventories/content";
import {
  readBasePrograms,
  releaseInventory,
  storeBasePrograms,
  storeInventory,
  type Take,
} from "@/lib/inventories/take.server";
import { log } from "@/lib/log.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { programFolders } from "./places";
import { readTar } from "./read-tar";

/** A take that is longer than this is given up, and counts as a try. */
const TAKE_MS = 15 * 60_000;

/** @param stop aborts when the worker leaves: the take is handed back. */
export async function takeInventory(
  take: Take,
  worker: WorkerIdentity,
  engine: Engine,
  stop: AbortSignal,
): Promise<void> {
  const { snapshotId } = take;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TAKE_MS)]);
  try {
    const reading = await readImage(take.imageId, worker, engine, signal);
    const newPrograms = await newOnes(reading, take.baseImageId, worker, engine, signal);
    if (await insist(() => storeInventory(snapshotId, worker.id, { ...reading, newPrograms }), stop))
      log.info({ snapshotId, packages: reading.packages.length }, "inventory taken");
  } catch (error) {
    if (!stop.aborted) log.warn({ err: error, snapshotId }, "an inventory could not be taken");
    await releaseInventory(snapshotId, worker.id, stop.aborted ? null : reasonOf(error, signal));
  }
}

/** A sentence for people. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "It took too long.";
  return error instanceof EngineError
    ? error.message
    : "Its files couldn't be read; the worker's log has the details.";
}

async function readImage(
  imageId: string,
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<Reading> {
  signal.throwIfAborted();
  const { env } = await engine.inspectImage(imageId);
  const container = await engine.createContainer({
    // A worker reads one image at a time; one that it left behind is replaced.
    name: `kiln-inventory-${worker.id}`,
    image: imageId,
    command: ["true"],
    env: {},
    workdir: "/",
    user: "root",
    limits: { cpus: 1, memoryMb: 64, pids: 16 },
    network: "none",
    // Not the snapshot's: what reads it is the worker's own, and goes with it.
    ownership: { installation: await installationId(), kind: "inventory", owner: worker.id },
    volatilePaths: [],
  });
  try {
    return await readTar(engine.exportContainer(container, signal), programFolders(env));
  } finally {
    await engine
      .removeContainer(container)
      .catch((error: unknown) => log.warn({ err: error, container }, "a container is left for the sweep"));
  }
}

/** Null when the base image is gone: then nobody can tell. */
async function newOnes(
  { programs }: Reading,
  baseImageId: string | null,
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<string[] | null> {
  if (baseImageId === null) return null;
  try {
    let known = await readBasePrograms(baseImageId);
    if (known === null) {
      known = (await readImage(baseImageId, worker, engine, signal)).programs;
      await storeBasePrograms(baseImageId, known);
    }
    const base = new Set(known);
    return programs.filter((program) => !base.has(program));
  } catch (error) {
    if (error instanceof EngineError && error.code === "not_found") return null;
    throw error;
  }
}
