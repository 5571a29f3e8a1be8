/** Takes sandboxes out of pools that don't want them any more. Their containers go next, then their rows. */
import { db, Prisma } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { runtimeNow, targetsOf } from "./target.server";

/** A host that nobody has worked on for so long isn't waited for. What is still on its engine is a sweep's. */
const GONE_MINUTES = 60;

/**
 * Those that are from another snapshot than the one that serves, those beyond what their profile wants (never a ready one
 * for one that starts), those that run with something else than containers are to run with now, and those whose start was
 * lost with its worker.
 * @param starting what the caller itself starts right now
 */
export async function retireUseless(
  worker: { id: string; hostId: string },
  starting: ReadonlySet<string>,
): Promise<void> {
  await db().$executeRaw(Prisma.sql`
    UPDATE warm_sandboxes o SET status = 'retiring'
    WHERE o.host_id = ${worker.hostId}::uuid AND o.status IN ('starting', 'ready') AND (
      NOT EXISTS (
        SELECT 1 FROM (
          SELECT w.id, w.snapshot_id, row_number() OVER (PARTITION BY w.snapshot_id ORDER BY w.status = 'ready' DESC, w.id) AS place
          FROM warm_sandboxes w WHERE w.host_id = ${worker.hostId}::uuid AND w.status IN ('starting', 'ready')
        ) w JOIN (${targetsOf(worker.hostId)}) t ON t.snapshot_id = w.snapshot_id AND w.place <= t.pool_size
        WHERE w.id = o.id)
      OR o.runtime <> (SELECT ${runtimeNow()} FROM hosts h WHERE h.id = o.host_id)
      OR (o.status = 'starting' AND CASE WHEN o.worker_id = ${worker.id}::uuid THEN NOT o.id = ANY(${[...starting]}::uuid[])
        ELSE NOT EXISTS (SELECT 1 FROM workers k WHERE k.id = o.worker_id AND k.status <> 'stopped'
          AND k.seen_at > now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)) END))`);
}

/** The host's that are to go: id, and whether this worker is still making a container for it. */
export async function listRetiring(hostId: string): Promise<string[]> {
  const rows = await db().warmSandbox.findMany({
    where: { hostId, status: "retiring" },
    select: { id: true },
    orderBy: { id: "asc" },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

/** Their containers are gone. */
export async function forgetRetired(ids: readonly string[]): Promise<void> {
  await db().warmSandbox.deleteMany({ where: { id: { in: [...ids] }, status: "retiring" } });
}

/**
 * Rows that say nothing any more: their session is over or runs in another container; or their host is gone for good;
 * and failures of pools that nobody wants.
 */
export async function forgetOver(hostId: string): Promise<void> {
  await db().$executeRaw`
    DELETE FROM warm_sandboxes w USING sessions s
    WHERE w.host_id = ${hostId}::uuid AND s.id = w.session_id
      AND (s.status IN ('deleted', 'failed') OR s.container_id IS DISTINCT FROM w.container_id)`;
  await db().$executeRaw`
    DELETE FROM warm_sandboxes w WHERE w.status IN ('starting', 'ready', 'retiring') AND NOT EXISTS (
      SELECT 1 FROM workers k WHERE k.host_id = w.host_id AND k.seen_at > now() - make_interval(mins => ${GONE_MINUTES}::int))`;
  await db().$executeRaw`
    DELETE FROM warm_pool_failures f USING profiles p WHERE p.id = f.profile_id AND (p.pool_size = 0 OR p.archived_at IS NOT NULL)`;
}
