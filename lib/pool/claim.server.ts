/** Gives a session that begins a sandbox that was started ahead. */
import { Prisma, type Tx } from "@/lib/db/client.server";
import { claimable } from "./target.server";

/**
 * One that runs and was started from this snapshot, in the transaction that makes the session's row. Any number may ask
 * at once: each gets another one, or none, and nobody waits for anybody.
 * @param sessionId of the row that is made next @returns its container, and when by the database's clock; null when none waits.
 */
export async function claimWarm(
  tx: Tx,
  snapshotId: string,
  sessionId: string,
): Promise<{ containerId: string; claimedAt: Date } | null> {
  const [claimed] = await tx.$queryRaw<Array<{ containerId: string; claimedAt: Date }>>(Prisma.sql`
    UPDATE warm_sandboxes SET status = 'claimed', session_id = ${sessionId}::uuid, claimed_at = clock_timestamp()
    WHERE id = (
      SELECT w.id FROM warm_sandboxes w JOIN warm_looks l ON l.id = w.id JOIN hosts h ON h.id = w.host_id
      WHERE w.snapshot_id = ${snapshotId}::uuid AND ${claimable()}
      ORDER BY w.ready_at, w.id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED)
    RETURNING container_id AS "containerId", claimed_at AS "claimedAt"`);
  return claimed ?? null;
}
