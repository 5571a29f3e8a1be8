/** A persistent session whose container is gone: what matters of it isn't in there. */
import { db } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";

/** It is started again from its snapshot, with its volumes. @returns false when it isn't persistent, or moved on meanwhile. */
export async function startAnew(id: string, containerId: string, notice: string): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Array<{ hostId: string }>>`
      UPDATE sessions SET status = 'queued', container_id = NULL, worker_id = NULL, notice = ${notice}
      WHERE id = ${id}::uuid AND persistent AND container_id = ${containerId}
        AND (status = 'running' OR (status = 'resuming' AND moving_to_id IS NULL))
      RETURNING host_id AS "hostId"`;
    if (!row) return false;
    await enqueueSession(tx, row.hostId, { sessionId: id });
    return true;
  });
}

/** The same of one that is being stopped: it has no container to be resumed in, and starts anew then. */
export async function stopWithout(id: string, containerId: string): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions SET status = (CASE WHEN stop_reason = 'expired' THEN 'expired' ELSE 'stopped' END)::"SessionStatus",
      container_id = NULL, stopped_at = now(), stop_claimed_until = NULL
    WHERE id = ${id}::uuid AND persistent AND container_id = ${containerId} AND status = 'stopping'`;
  return count === 1;
}
