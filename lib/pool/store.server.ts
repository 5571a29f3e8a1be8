/** Reads pools: as they cross the wire, and what a sweep needs to know of their containers. */
import { db, Prisma } from "@/lib/db/client.server";
import { specSchema } from "@/lib/profiles/spec";
import { getProfile } from "@/lib/profiles/store.server";
import { poolNote } from "./note";
import { claimable, newestServing, runtimeNow } from "./target.server";
import type { PoolWire } from "./wire";

interface Place {
  snapshotId: string;
  number: number;
  version: number;
  spec: unknown;
  host: string;
  diskLow: boolean;
  engineAway: boolean;
  working: boolean;
  error: string | null;
  retryAt: Date | null;
}

interface Count {
  ready: number;
  starting: number;
  memoryBytes: number | null;
  cpus: number | null;
  measuredAt: Date | null;
}

/** @throws AppError 404 for the profile. */
export async function readPool(idOrSlug: string): Promise<PoolWire> {
  const profile = await getProfile(idOrSlug);
  const [[place], [count]] = await Promise.all([readPlace(profile.id), readCount(profile.id)]);
  const { ready = 0, starting = 0, memoryBytes = null, cpus = null, measuredAt = null } = count ?? {};
  const { poolSize: size } = profile;
  const {
    host = "",
    diskLow = false,
    engineAway = false,
    working = false,
    error = null,
    retryAt = null,
  } = place ?? {};
  const archived = profile.archivedAt !== null;
  return {
    size,
    ready,
    starting,
    snapshot: place ? { id: place.snapshotId, number: place.number, version: place.version } : null,
    use:
      memoryBytes === null || measuredAt === null
        ? null
        : { memoryBytes, cpus: cpus ?? 0, measuredAt: measuredAt.toISOString() },
    limits: place ? limitsOf(place.spec) : null,
    ...poolNote({
      ...{ size, ready, archived, usable: place !== undefined, host },
      ...{ diskLow, engineAway, working, error, retryAt: retryAt?.toISOString() ?? null },
    }),
  };
}

function limitsOf(spec: unknown): { memoryMb: number; cpus: number } {
  const { memoryMb, cpus } = specSchema.parse(spec).resources;
  return { memoryMb, cpus };
}

function readPlace(profileId: string): Promise<Place[]> {
  return db().$queryRaw<Place[]>(Prisma.sql`
    SELECT t.snapshot_id AS "snapshotId", t.number, t.version, t.spec, h.name AS host, h.disk_low_since IS NOT NULL AS "diskLow",
      h.engine_error IS NOT NULL AS "engineAway", ${runtimeNow()} IS NOT NULL AS working, f.error, f.retry_at AS "retryAt"
    FROM (${newestServing}) t JOIN hosts h ON h.id = t.host_id
    LEFT JOIN warm_pool_failures f ON f.profile_id = t.profile_id AND f.snapshot_id = t.snapshot_id
    WHERE t.profile_id = ${profileId}::uuid`);
}

/** Of what sessions start from now: one that is from an older snapshot is on its way out. */
function readCount(profileId: string): Promise<Count[]> {
  return db().$queryRaw<Count[]>(Prisma.sql`
    SELECT count(*) FILTER (WHERE ${claimable()})::int AS ready, count(*) FILTER (WHERE w.status = 'starting')::int AS starting,
      (sum(l.memory_bytes) FILTER (WHERE w.status = 'ready'))::float8 AS "memoryBytes",
      (sum(l.cpu_share) FILTER (WHERE w.status = 'ready'))::float8 AS cpus,
      min(l.measured_at) FILTER (WHERE w.status = 'ready') AS "measuredAt"
    FROM warm_sandboxes w JOIN hosts h ON h.id = w.host_id LEFT JOIN warm_looks l ON l.id = w.id
    JOIN (${newestServing}) t ON t.profile_id = w.profile_id AND t.snapshot_id = w.snapshot_id
    WHERE w.profile_id = ${profileId}::uuid AND w.status IN ('starting', 'ready')`);
}

export interface WarmNeed {
  /** Null while it is being made. */
  containerId: string | null;
  /** Why nobody needs it; null while somebody does. */
  useless: string | null;
}

/** By a started-ahead sandbox's own id, which its container's label names. A session's comes from its row. */
export async function readWarmNeeds(hostId: string): Promise<Map<string, WarmNeed>> {
  const rows = await db().$queryRaw<Array<WarmNeed & { id: string }>>`
    SELECT w.id, w.container_id AS "containerId", CASE
      WHEN w.status = 'retiring' THEN 'its pool needs it no more'
      WHEN w.session_id IS NULL THEN NULL
      WHEN s.status IN ('deleted', 'failed') THEN 'its session is over'
      WHEN s.container_id IS DISTINCT FROM w.container_id THEN 'its session runs in another one' END AS useless
    FROM warm_sandboxes w LEFT JOIN sessions s ON s.id = w.session_id WHERE w.host_id = ${hostId}::uuid`;
  return new Map(rows.map(({ id, containerId, useless }) => [id, { containerId, useless }]));
}
