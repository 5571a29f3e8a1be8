/** Adds sandboxes to pools that have too few, and writes down how their starts went. */
import { v7 as uuidv7 } from "uuid";
import { db, Prisma } from "@/lib/db/client.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { sourcesOf } from "./state";
import { runtimeNow, targetsOf } from "./target.server";

/** After the first failure; each further one doubles it. */
const FIRST_REST_SECONDS = 10;
const MOST_REST_SECONDS = 600;

export interface NewWarm {
  id: string;
  profileId: string;
  versionId: string;
  snapshotId: string;
  imageId: string;
  spec: Spec;
}

/**
 * A row for one more sandbox, in the pool that lacks most; the caller starts it, unless a newer worker runs its own with
 * something else. The host's row is held meanwhile, so that
 * two workers never make too many. After a failure there is one try at a time.
 * @returns null when no pool of the host lacks one, or all that do rest.
 */
export async function addWarm(
  worker: { id: string; hostId: string },
  id: string = uuidv7(),
): Promise<NewWarm | null> {
  return db().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM hosts WHERE id = ${worker.hostId}::uuid FOR NO KEY UPDATE`;
    const [added] = await tx.$queryRaw<Array<{ id: string }>>(Prisma.sql`
      INSERT INTO warm_sandboxes (id, profile_id, version_id, snapshot_id, host_id, worker_id, runtime)
      SELECT ${id}::uuid, t.profile_id, t.version_id, t.snapshot_id, t.host_id, me.id, me.container_runtime
      FROM (${targetsOf(worker.hostId)}) t JOIN hosts h ON h.id = t.host_id
      JOIN workers me ON me.id = ${worker.id}::uuid AND me.container_runtime = ${runtimeNow()}
      LEFT JOIN warm_pool_failures f ON f.profile_id = t.profile_id AND f.snapshot_id = t.snapshot_id
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE w.status IN ('starting', 'ready')) AS here, count(*) FILTER (WHERE w.status = 'starting') AS starting
        FROM warm_sandboxes w WHERE w.snapshot_id = t.snapshot_id) has
      WHERE has.here < t.pool_size AND (f.retry_at IS NULL OR (f.retry_at <= now() AND has.starting = 0))
      ORDER BY t.pool_size - has.here DESC, t.profile_id LIMIT 1
      RETURNING id`);
    if (!added) return null;
    const row = await tx.warmSandbox.findUniqueOrThrow({
      where: { id: added.id },
      select: {
        profileId: true,
        versionId: true,
        snapshotId: true,
        snapshot: { select: { imageId: true } },
        version: { select: { spec: true } },
      },
    });
    const { profileId, versionId, snapshotId, snapshot, version } = row;
    return {
      ...{ id: added.id, profileId, versionId, snapshotId, imageId: snapshot.imageId ?? "" },
      spec: specSchema.parse(version.spec),
    };
  });
}

/** It runs. @returns false when it isn't wanted any more; also when it is told a second time. */
export async function readyWarm(one: NewWarm, workerId: string, containerId: string): Promise<boolean> {
  const count = await db().$executeRaw`
    WITH up AS (
      UPDATE warm_sandboxes SET status = 'ready', container_id = ${containerId}, ready_at = now()
      WHERE id = ${one.id}::uuid AND status = 'starting' AND worker_id = ${workerId}::uuid RETURNING id)
    INSERT INTO warm_looks (id, checked_at) SELECT id, now() FROM up`;
  return count === 1;
}

/** Does a row name this container? */
export async function isWarm(containerId: string): Promise<boolean> {
  return (await db().warmSandbox.count({ where: { containerId } })) > 0;
}

/** It couldn't be started. @param error null when that isn't the pool's fault: then it needn't rest. */
export async function failWarm(one: NewWarm, error: string | null): Promise<void> {
  await db().$transaction(async (tx) => {
    const { count } = await tx.warmSandbox.updateMany({
      where: { id: one.id, status: { in: sourcesOf("retiring") }, containerId: null },
      data: { status: "retiring" },
    });
    if (count === 1 && error !== null) await tx.$executeRaw(failed([one], error));
  });
}

/** One more failure of these pools, and how long they rest after it. Those from another snapshot are forgotten. */
export function failed(
  pools: ReadonlyArray<{ profileId: string; snapshotId: string }>,
  error: string,
): Prisma.Sql {
  const rest = Prisma.sql`make_interval(secs => LEAST(${MOST_REST_SECONDS}::float8, ${FIRST_REST_SECONDS}::float8 * power(2, `;
  const profiles = pools.map(({ profileId }) => profileId);
  const snapshots = pools.map(({ snapshotId }) => snapshotId);
  return Prisma.sql`
    INSERT INTO warm_pool_failures AS f (profile_id, snapshot_id, error, retry_at)
    SELECT DISTINCT ON (p) p, s, ${error.slice(0, 500).toWellFormed()}, now() + ${rest} 0)))
    FROM unnest(${profiles}::uuid[], ${snapshots}::uuid[]) AS one(p, s)
    ON CONFLICT (profile_id) DO UPDATE SET snapshot_id = excluded.snapshot_id, error = excluded.error,
      failures = CASE WHEN f.snapshot_id = excluded.snapshot_id THEN LEAST(f.failures + 1, 30) ELSE 1 END,
      retry_at = now() + ${rest} CASE WHEN f.snapshot_id = excluded.snapshot_id THEN LEAST(f.failures, 30) ELSE 0 END)))`;
}
