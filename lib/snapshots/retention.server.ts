/**
 * Which ready snapshots are kept: the newest of each version, always the serving one, and those that sessions
 * start from, or a sandbox that waits for one. The others become `removed`; a sweep deletes their images afterwards.
 */
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma } from "@/lib/db/client.server";
import { systemActor } from "@/lib/users/roles";

export interface Expired {
  id: string;
  imageId: string | null;
  /** How many newer ones of its version are kept. */
  keep: number;
}

/** Nothing but the serving one, when the disk is nearly full. */
export type Keep = "by_profile" | "serving_only";

const free = Prisma.sql`s.status = 'ready'
  AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.serving_snapshot_id = s.id)
  AND NOT EXISTS (SELECT 1 FROM sessions t WHERE (t.snapshot_id = s.id OR t.moving_to_id = s.id) AND t.status <> 'deleted')
  AND NOT EXISTS (SELECT 1 FROM warm_sandboxes w WHERE w.snapshot_id = s.id AND w.status IN ('starting', 'ready', 'retiring'))
  AND NOT EXISTS (SELECT 1 FROM snapshots b WHERE b.built_on_id = s.id AND b.status IN ('queued', 'running'))`;

/** Snapshots of a host that aren't kept any longer, oldest first. */
export async function listExpired(hostId: string, keep: Keep = "by_profile"): Promise<Expired[]> {
  return db().$queryRaw`
    SELECT s.id, s.image_id AS "imageId", s.keep FROM (
      SELECT s.*, CASE WHEN ${keep} = 'serving_only' THEN 0 ELSE p.keep_snapshots END AS keep,
        rank() OVER (PARTITION BY s.version_id ORDER BY s.number DESC) AS place
      FROM snapshots s JOIN profiles p ON p.id = s.profile_id WHERE s.status = 'ready' AND s.trigger <> 'try'
    ) s WHERE s.host_id = ${hostId}::uuid AND s.place > s.keep AND ${free} ORDER BY s.id`;
}

/**
 * Takes the images away from snapshots that aren't kept. F21: a session's start holds its snapshot's row, so one
 * that is being started from is passed by, and the statement that removes looks again once it has the row.
 * @returns those that were removed.
 */
export async function retireSnapshots(hostId: string, keep: Keep = "by_profile"): Promise<string[]> {
  const retired: string[] = [];
  for (const { id, keep: kept } of await listExpired(hostId, keep))
    if (await retire(id, kept)) retired.push(id);
  return retired;
}

/** @returns false when it is needed after all, or somebody is at it. */
export async function retire(id: string, keep: number): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const held = await tx.$queryRaw<Array<{ id: string }>>`
      SELECT id FROM snapshots WHERE id = ${id}::uuid AND status = 'ready' FOR NO KEY UPDATE SKIP LOCKED`;
    if (held.length === 0) return false;
    const removed = await tx.$executeRaw`
      UPDATE snapshots s SET status = 'removed', image_id = NULL, image_reference = NULL, image_size_bytes = NULL
      WHERE s.id = ${id}::uuid AND ${free}`;
    if (removed === 0) return false;
    await recordAudit(tx, systemActor, "snapshot.removed", { kind: "snapshot", id }, { keep });
    return true;
  });
}
