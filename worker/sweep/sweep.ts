/**
 * Removes what is ours and nobody needs: containers and volumes of builds that nobody holds and of sessions that are
 * over, images that no snapshot names. Ours means: carries this installation's label. Never by force, so what
 * somebody uses stays until that is gone.
 */
import { forgetMessages } from "@/lib/channels/outbox.server";
import { forgetCommands } from "@/lib/commands/forget.server";
import { forgetHookMessages } from "@/lib/hooks/receive.server";
import { forgetInbox } from "@/lib/inbox/store.server";
import { installationId } from "@/lib/installation.server";
import { forgetLayers, KEEP_LAYER_HOURS } from "@/lib/layers/store.server";
import { log } from "@/lib/log.server";
import { forgetRuns } from "@/lib/schedules/dispatch.server";
import { type Keep, listExpired, retireSnapshots } from "@/lib/snapshots/retention.server";
import { deleteOldTries } from "@/lib/snapshots/tries.server";
import { holdSweep, releaseSweep } from "@/lib/sweeps/progress.server";
import type { SweepItem } from "@/lib/sweeps/wire";
import type { Engine, ImageBytes } from "@/worker/containers/types";
import { measureDisk } from "@/worker/disk";
import type { WorkerIdentity } from "@/worker/identity";
import { tendKept } from "@/worker/kept/tend";
import { look } from "./look";
import { settleLostImages } from "./lost-images";
import { planSweep, type Removal } from "./plan";
import { tendSessions } from "./tend";
import { tendCancelled } from "./tend-cancelled";
import { tendLogs } from "./tend-logs";

/**
 * Looks after what has a time: sessions, kept containers, old tries, logs, and cancellations that nobody saw enforced.
 * @param starting the sessions that this process is starting right now
 */
export async function tend(
  worker: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
): Promise<void> {
  await tendSessions(worker, engine, starting);
  const released = await tendKept(worker, engine);
  await tendCancelled(worker, engine);
  await deleteOldTries();
  await tendLogs();
  await forgetMessages();
  await forgetInbox();
  await forgetRuns();
  await forgetHookMessages();
  await forgetCommands();
  // The layers under it, too.
  if (released > 0) await removeUnneeded(worker, engine, new Map());
}

/**
 * One pass: what has a time is tended, then what nobody needs goes.
 * @param starting the sessions that this process is starting right now
 */
export async function sweep(
  worker: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
): Promise<void> {
  await tend(worker, engine, starting);
  await removeUnneeded(worker, engine, new Map());
}

/** What a sweep would remove now. Changes nothing. */
export async function previewSweep(worker: WorkerIdentity, engine: Engine): Promise<SweepItem[]> {
  const { hostId } = worker;
  const keep = await keepOf(worker, engine);
  const expired = await listExpired(hostId, keep);
  const { found, rows } = await look(engine, hostId, await installationId(), expired, layerHours(keep));
  const bytes = await imageBytes(engine);
  return planSweep(found, rows).map((removal) => itemOf(removal, bytes, "would_remove", null));
}

/** The same as `sweep` for somebody who waits for the answer. @returns null while another one is at it. */
export async function sweepNow(worker: WorkerIdentity, engine: Engine): Promise<SweepItem[] | null> {
  // Whoever let a kept container go waits for its row to say that it is gone.
  await tendKept(worker, engine);
  return removeUnneeded(worker, engine, await imageBytes(engine));
}

async function removeUnneeded(
  worker: WorkerIdentity,
  engine: Engine,
  bytes: ImageBytes,
): Promise<SweepItem[] | null> {
  const { id: workerId, hostId } = worker;
  if (!(await holdSweep(hostId, workerId))) return null;
  try {
    // The rows first: nothing starts from these any more when their images go.
    const keep = await keepOf(worker, engine);
    await retireSnapshots(hostId, keep);
    const { found, rows } = await look(engine, hostId, await installationId(), [], layerHours(keep));
    await settleLostImages(worker, engine, found.images);
    const items: SweepItem[] = [];
    for (const removal of planSweep(found, rows)) items.push(await remove(removal, engine, bytes));
    const gone = items.filter(({ kind, outcome }) => kind === "image" && outcome === "removed");
    await forgetLayers(
      hostId,
      gone.map(({ id }) => id),
    );
    return items;
  } finally {
    await releaseSweep(hostId, workerId);
  }
}

/** Where builds wait for space, old snapshots go first. */
async function keepOf(worker: WorkerIdentity, engine: Engine): Promise<Keep> {
  return (await measureDisk(worker, engine)) === null ? "by_profile" : "serving_only";
}

const layerHours = (keep: Keep) => (keep === "serving_only" ? 0 : KEEP_LAYER_HOURS);

/** One that can't be removed doesn't keep the others. */
async function remove(removal: Removal, engine: Engine, bytes: ImageBytes): Promise<SweepItem> {
  const { kind, id, name, reason } = removal;
  try {
    for (const name of removal.alsoNamed) await engine.removeImage(name);
    if (kind === "container") await engine.removeContainer(id);
    else if (!(await (kind === "image" ? engine.removeImage(id) : engine.removeVolume(id))))
      return itemOf(removal, bytes, "kept", "something still uses it");
    log.info({ kind, name, reason }, "removed a leftover");
    return itemOf(removal, bytes, "removed", null);
  } catch (error) {
    log.warn({ err: error, kind, name }, "a leftover stays");
    return itemOf(removal, bytes, "kept", error instanceof Error ? error.message : String(error));
  }
}

function itemOf(
  removal: Removal,
  bytes: ImageBytes,
  outcome: SweepItem["outcome"],
  note: string | null,
): SweepItem {
  const { alsoNamed: _names, ...item } = removal;
  return { ...item, exclusiveBytes: bytes.get(removal.id) ?? null, outcome, note };
}

/** Sizes are for people: a sweep goes on without them. */
async function imageBytes(engine: Engine): Promise<ImageBytes> {
  try {
    return await engine.exclusiveImageBytes();
  } catch (error) {
    log.warn({ err: error }, "the engine doesn't say how large its images are");
    return new Map();
  }
}
