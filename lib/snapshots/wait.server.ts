/** Why a snapshot is still queued, when it isn't only its turn. */
import { db } from "@/lib/db/client.server";

/** Writes only what is new, so that a reason that holds for long wakes nobody. */
export async function waitInQueue(snapshotId: string, reason: string): Promise<void> {
  await db().snapshot.updateMany({
    where: {
      id: snapshotId,
      status: "queued",
      OR: [{ waitingReason: null }, { waitingReason: { not: reason } }],
    },
    data: { waitingReason: reason },
  });
}

/**
 * For an incremental one, which only the host can build that has the image it starts from: when that is another host, its
 * workers are told at once. They won't hear of it from the queue before it is sent again.
 */
export async function waitForItsHost(snapshotId: string, hostId: string): Promise<void> {
  await db().$executeRaw`
    WITH waits AS (
      SELECT s.id, b.host_id, h.name FROM snapshots s JOIN snapshots b ON b.id = s.built_on_id JOIN hosts h ON h.id = b.host_id
      WHERE s.id = ${snapshotId}::uuid AND s.status = 'queued' AND b.host_id <> ${hostId}::uuid
    ), told AS (
      UPDATE snapshots s SET waiting_reason = 'Waiting for a worker of ' || w.name
        || ', which has the image that this snapshot starts from. Cancel it and refresh in full to build on another host.'
      FROM waits w WHERE s.id = w.id AND s.status = 'queued' AND s.waiting_reason IS NULL
    )
    SELECT pg_notify('kiln', json_build_object('kind', 'wanted', 'id', host_id)::text) FROM waits`;
}

/** What other hosts' workers have passed by, because only this one can build it; what waits longest comes first. */
export async function waitingForHost(hostId: string, limit: number): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT s.id FROM snapshots s JOIN snapshots b ON b.id = s.built_on_id
    WHERE s.status = 'queued' AND s.waiting_reason IS NOT NULL AND b.host_id = ${hostId}::uuid
    ORDER BY s.id LIMIT ${Math.max(0, limit)}`;
  return rows.map(({ id }) => id);
}
