/**
 * In which order the queue hands out builds. It is read from the queue's own tables, and moved there: its library has no
 * call for the one, and for the other none that leaves what is higher already.
 */
import type { Tx } from "@/lib/db/client.server";
import { QUEUE_SCHEMA } from "./boss.server";
import { buildQueue } from "./queues";

export interface Waiting {
  snapshotId: string;
  priority: number;
}

/** Builds that wait to be taken, the next one first. @param limit how many at most */
export function waitingBuilds(tx: Tx, limit: number): Promise<Waiting[]> {
  return tx.$queryRawUnsafe<Waiting[]>(
    `SELECT data->>'snapshotId' AS "snapshotId", priority FROM ${QUEUE_SCHEMA}.job
     WHERE name = $1 AND state < 'active' ORDER BY priority DESC, created_on, id LIMIT $2`,
    buildQueue,
    limit,
  );
}

/** Lets a build that waits overtake; does nothing when it waits no more, or stands higher already. */
export async function raiseBuild(tx: Tx, snapshotId: string, priority: number): Promise<void> {
  await tx.$executeRawUnsafe(
    `UPDATE ${QUEUE_SCHEMA}.job SET priority = $3
     WHERE name = $1 AND data->>'snapshotId' = $2 AND state < 'active' AND priority < $3`,
    buildQueue,
    snapshotId,
    priority,
  );
}
