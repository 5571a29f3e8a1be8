/** The first look of a worker at a sandbox that a session has taken. */
import { db } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";

/**
 * It runs: from now on it is the session's container like any other.
 * @returns false when it was that already, or the session isn't to run any more.
 */
export async function recordGiven(sessionId: string): Promise<boolean> {
  const { count } = await db().warmSandbox.updateMany({
    where: { sessionId, status: "claimed", session: { status: "running" } },
    data: { status: "given" },
  });
  return count === 1;
}

/**
 * It was dead when it was taken: the session starts from its snapshot as if there had been none. Not when somebody has
 * used it since, whose files would be gone without a word. A terminal that was asked for, and had no shell yet, is no use.
 * @returns false when the session has moved on, or was used.
 */
export async function startNormally(sessionId: string, containerId: string): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Array<{ hostId: string }>>`
      UPDATE sessions s SET status = 'queued', container_id = NULL, worker_id = NULL, from_pool = false, started_at = NULL, first_started_at = NULL
      WHERE s.id = ${sessionId}::uuid AND s.status = 'running' AND s.container_id = ${containerId} AND s.started_at = s.first_started_at
        AND EXISTS (SELECT 1 FROM warm_sandboxes w WHERE w.session_id = s.id AND w.status = 'claimed')
        AND NOT EXISTS (SELECT 1 FROM session_commands c WHERE c.session_id = s.id AND c.status = 'done')
        AND NOT EXISTS (SELECT 1 FROM terminals t WHERE t.session_id = s.id AND t.used_at > t.created_at)
      RETURNING s.host_id AS "hostId"`;
    if (!row) return false;
    await tx.warmSandbox.updateMany({
      where: { sessionId, status: "claimed" },
      data: { status: "retiring", sessionId: null },
    });
    await enqueueSession(tx, row.hostId, { sessionId });
    return true;
  });
}
