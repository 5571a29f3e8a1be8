/** How a move ends, as the worker writes it down. */
import { db } from "@/lib/db/client.server";

/** The new container runs: the snapshot, its version and the container change in one statement. */
export async function commitMove(
  id: string,
  { to, from, containerId }: { to: string; from: string | null; containerId: string },
): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions s SET status = 'running', snapshot_id = n.id, version_id = n.version_id, container_id = ${containerId},
      moving_to_id = NULL, started_at = now()
    FROM snapshots n WHERE s.id = ${id}::uuid AND n.id = ${to}::uuid AND s.moving_to_id = n.id AND s.status = 'resuming'
      AND s.container_id IS NOT DISTINCT FROM ${from}`;
  return count === 1;
}

/** It stays what it was, and says why. It is still to be resumed. */
export async function abandonMove(id: string, to: string, notice: string): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions SET moving_to_id = NULL, notice = ${notice},
      status = (CASE WHEN container_id IS NULL THEN 'queued' ELSE 'resuming' END)::"SessionStatus"
    WHERE id = ${id}::uuid AND moving_to_id = ${to}::uuid AND status = 'resuming'`;
  return count === 1;
}
