/** Hosts and the workers on them. A worker beats; whoever doesn't is lost. The database's clock decides. */

import { v7 as uuidv7 } from "uuid";
import { emitDiskLow } from "@/lib/channels/emit-hosts.server";
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { notFound } from "@/lib/errors";
import { diskShortage } from "./disk";
import { healthOf } from "./engine-health";
import type { EngineIdentity } from "./identity";
import type { Health, HostWire, WorkerWire } from "./wire";

/** A worker that hasn't beaten for this long is shown as lost. */
export const LOST_AFTER_SECONDS = 30;

/**
 * May be repeated with the same id. @param id the worker's @param containerRuntime by the engine's name for it; its
 * default when left out
 * @returns the host's and the worker's id; or why not: its identity is that of another engine, which has a worker. Two engines as
 * one host would each find that all of the other's is lost.
 */
export async function registerWorker(
  engine: EngineIdentity,
  name: string,
  { id = uuidv7(), containerRuntime = "" }: { id?: string; containerRuntime?: string | undefined } = {},
): Promise<{ hostId: string; workerId: string } | { taken: string }> {
  return db().$transaction(async (tx) => {
    // Held from here on: of two that start at once, the second one sees the first one's worker.
    const [host] = await tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO hosts (id, engine_id, name, engine) VALUES (${uuidv7()}::uuid, ${engine.id}, ${engine.name}, ${engine.version})
      ON CONFLICT (engine_id) DO UPDATE SET name = hosts.name RETURNING id`;
    if (!host) throw notFound("host");
    // Whoever registers has just heard of the engine.
    const registered = await tx.$executeRaw`
      UPDATE hosts h SET name = ${engine.name}, engine = ${engine.version}, data_root = ${engine.dataRoot},
        engine_error = NULL, engine_away_since = NULL
      WHERE h.id = ${host.id}::uuid AND ((h.name = ${engine.name} AND h.data_root IN ('', ${engine.dataRoot}))
        OR NOT EXISTS (SELECT 1 FROM workers w WHERE w.host_id = h.id AND w.status <> 'stopped'
          AND w.seen_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS}::float8)))`;
    if (registered === 0) return { taken: await takenBy(tx, engine) };
    const row = { hostId: host.id, name, containerRuntime };
    await tx.worker.upsert({ where: { id }, create: { id, ...row }, update: row });
    return { hostId: host.id, workerId: id };
  });
}

async function takenBy(tx: Tx, { id, name, dataRoot }: EngineIdentity): Promise<string> {
  const other = await tx.host.findUniqueOrThrow({ where: { engineId: id } });
  return `The container engine of ${name} (${dataRoot}) has the same identity as that of ${other.name} (${other.dataRoot}), which has a worker: one is a copy of the other. Give this one an identity of its own (remove ${dataRoot}/engine-id and /etc/docker/key.json, and restart it), then start this worker again.`;
}

/** Which engine a host is, by the engine's own word. */
export async function engineIdOf(hostId: string): Promise<string> {
  return (await db().host.findUniqueOrThrow({ where: { id: hostId }, select: { engineId: true } })).engineId;
}

export async function hostName(hostId: string): Promise<string> {
  return (await db().host.findUniqueOrThrow({ where: { id: hostId }, select: { name: true } })).name;
}

/** One that was taken for gone is there again by it. */
export async function beat(workerId: string): Promise<void> {
  await db().$executeRaw`UPDATE workers SET seen_at = now(), gone_at = NULL WHERE id = ${workerId}::uuid`;
}

/** Where it takes terminals, as host:port; null when it doesn't any more. */
export async function setGateway(workerId: string, gateway: string | null): Promise<void> {
  await db().worker.updateMany({ where: { id: workerId }, data: { gateway } });
}

export async function setWorkerStatus(workerId: string, status: "draining" | "stopped"): Promise<void> {
  await db().worker.updateMany({ where: { id: workerId }, data: { status } });
}

/** Room is made only when there is so much more than the floor: one that hovers about it is said once. */
const DISK_MARGIN = 1.1;

/** What a worker measured of its engine's disk; when it runs low by that, it is told. @returns the host's name. */
export async function recordDisk(
  id: string,
  disk: { dataRoot: string; freeBytes: number | null; totalBytes: number | null },
): Promise<string> {
  const floor = env().KILN_DISK_FLOOR_MB * 1024 * 1024;
  const enough = Math.ceil(floor * DISK_MARGIN);
  const { freeBytes } = disk;
  return db().$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Array<{ name: string; since: Date | null; before: Date | null }>>`
      UPDATE hosts h SET data_root = ${disk.dataRoot}, disk_free_bytes = ${freeBytes}::bigint,
        disk_total_bytes = ${disk.totalBytes}::bigint, disk_seen_at = now(),
        disk_low_since = CASE WHEN ${freeBytes}::bigint < ${floor}::bigint THEN COALESCE(h.disk_low_since, now())
          WHEN ${freeBytes}::bigint >= ${enough}::bigint THEN NULL ELSE h.disk_low_since END
      FROM (SELECT id, disk_low_since FROM hosts WHERE id = ${id}::uuid FOR UPDATE) was
      WHERE h.id = was.id RETURNING h.name, h.disk_low_since AS since, was.disk_low_since AS before`;
    if (!row) throw notFound("host");
    const { name, since, before } = row;
    if (since && !before && freeBytes !== null)
      await emitDiskLow(tx, { id, name, freeBytes, floorBytes: floor, since });
    return name;
  });
}

/** Ids of the host's workers that aren't lost. */
export async function readLiveWorkers(hostId: string): Promise<Set<string>> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT id FROM workers WHERE host_id = ${hostId}::uuid AND status <> 'stopped'
      AND seen_at > now() - make_interval(secs => ${LOST_AFTER_SECONDS})`;
  return new Set(rows.map(({ id }) => id));
}

/** Every host that a worker ever registered, with the workers that are there. */
export async function listHosts(): Promise<HostWire[]> {
  const [rows, workers] = await Promise.all([
    db().host.findMany({ include: { _count: { select: { layers: true } } }, orderBy: { name: "asc" } }),
    readWorkers(),
  ]);
  return rows.map((row) => {
    const freeBytes = row.diskFreeBytes === null ? null : Number(row.diskFreeBytes);
    return {
      id: row.id,
      name: row.name,
      engine: row.engine,
      dataRoot: row.dataRoot,
      disk:
        freeBytes === null || row.diskTotalBytes === null || row.diskSeenAt === null
          ? null
          : {
              freeBytes,
              totalBytes: Number(row.diskTotalBytes),
              seenAt: row.diskSeenAt.toISOString(),
              low: diskShortage(row.name, freeBytes, env().KILN_DISK_FLOOR_MB) !== null,
            },
      health: healthOf(row),
      stepResults: row._count.layers,
      workers: workers.filter(({ hostId }) => hostId === row.id).map(({ worker }) => worker),
    };
  });
}

/** Workers that are there, or were until a day ago and said no goodbye. */
async function readWorkers(): Promise<Array<{ hostId: string; worker: WorkerWire }>> {
  const rows = await db().$queryRaw<
    Array<{
      hostId: string;
      host: string;
      name: string;
      status: WorkerWire["status"];
      runtime: string | null;
      seenAt: Date;
    }>
  >`
    SELECT h.id AS "hostId", h.name AS host, w.name, NULLIF(w.container_runtime, '') AS runtime, w.seen_at AS "seenAt",
      CASE WHEN w.seen_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS}) THEN 'lost' ELSE w.status::text END AS status
    FROM workers w JOIN hosts h ON h.id = w.host_id
    WHERE w.status <> 'stopped' AND w.seen_at > now() - interval '1 day'
    ORDER BY w.seen_at DESC LIMIT 100`;
  return rows.map(({ hostId, ...row }) => ({ hostId, worker: { ...row, seenAt: row.seenAt.toISOString() } }));
}

/** Never throws: a database that is away is an answer too. */
export async function readHealth(onError: (error: unknown) => void): Promise<Health> {
  try {
    const [workers, rows] = await Promise.all([
      readWorkers(),
      db().host.findMany({ orderBy: { name: "asc" } }),
    ]);
    const served = rows.filter(({ id }) => workers.some(({ hostId }) => hostId === id));
    // Anybody may read this: what was met may name a path, and isn't for them.
    const hosts = served.map((row) => {
      const { status, since } = healthOf(row);
      return { name: row.name, status, since };
    });
    const well = served.filter(({ engineError }) => engineError === null).map(({ id }) => id);
    const working = workers.some(
      ({ hostId, worker }) => worker.status === "running" && well.includes(hostId),
    );
    return {
      status: working ? "ok" : "degraded",
      database: "ok",
      workers: workers.map(({ worker }) => worker),
      hosts,
    };
  } catch (error) {
    onError(error);
    return { status: "down", database: "down", workers: [], hosts: [] };
  }
}
