/** What there is on the engine and what the rows say of it. The rows come last: see plan.ts. */
import { readCacheNeeds } from "@/lib/caches/progress.server";
import { readLiveWorkers } from "@/lib/hosts/store.server";
import { readTakers } from "@/lib/inventories/take.server";
import { readLayers } from "@/lib/layers/store.server";
import { readWarmNeeds } from "@/lib/pool/store.server";
import { listHostSessions } from "@/lib/sessions/progress.server";
import { readImageNeeds, readNamedImages, readRunningBuilds } from "@/lib/snapshots/image-needs.server";
import { listKept } from "@/lib/snapshots/kept-record.server";
import type { Expired } from "@/lib/snapshots/retention.server";
import { isUuid } from "@/lib/uuid";
import { readBusySessions, readVolumeNeeds } from "@/lib/volumes/progress.server";
import type { Engine } from "@/worker/containers/types";
import type { Found, Rows } from "./plan";

/**
 * @param expired what retention would remove, for a look that doesn't change anything
 * @param keepLayerHours how long what a step left is kept after its last use
 */
export async function look(
  engine: Engine,
  hostId: string,
  installation: string,
  expired: readonly Expired[],
  keepLayerHours: number,
): Promise<{ found: Found; rows: Rows }> {
  const found = {
    containers: await engine.listContainers(installation),
    images: await engine.listImages(installation),
    volumes: await engine.listVolumes(installation),
  };
  const builders = [...found.containers, ...found.volumes]
    .map(({ ownership }) => ownership)
    .filter(({ kind }) => kind === "build" || kind === "check");
  const caches = found.volumes.filter(({ ownership }) => ownership.kind === "cache");
  const persistent = found.volumes.filter(({ ownership }) => ownership.kind === "persistent");
  const rows = {
    builds: await readRunningBuilds(
      [...builders, ...found.images.map(({ ownership }) => ownership)]
        .map(({ owner }) => owner)
        .filter(isUuid),
      found.containers.filter(({ ownership }) => ownership.kind === "waiting").map(({ id }) => id),
    ),
    takers: await readTakers(hostId),
    workers: await readLiveWorkers(hostId),
    sessions: new Map((await listHostSessions(hostId)).map((session) => [session.id, session])),
    snapshots: await readImageNeeds(found.images.map(({ ownership }) => ownership.owner)),
    // After the claims and the snapshots: what a failure turned from one into the other meanwhile is in one of them.
    warm: await readWarmNeeds(hostId),
    kept: new Map((await listKept(hostId)).map((one) => [one.snapshotId, one])),
    expired: new Map(expired.map(({ id, keep }) => [id, keep])),
    named: await readNamedImages(hostId),
    layers: await readLayers(hostId, keepLayerHours),
    volumes: await readVolumeNeeds(persistent.map(({ name }) => name)),
    busy: await readBusySessions(),
    caches: await readCacheNeeds(caches.map(({ name }) => name)),
  };
  return { found, rows };
}
