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

/** For an incremental one, which only the host can build that has the image it starts from: when that is another host. */
export async function waitForItsHost(snapshotId: string, hostId: string): Promise<void> {
  await db().$executeRaw`
    UPDATE snapshots s SET waiting_reason = 'Waiting for a worker of ' || h.name
      || ', which has the image that this snapshot starts from. Cancel it and refresh in full to build on another host.'
    FROM snapshots b JOIN hosts h ON h.id = b.host_id
    WHERE s.id = ${snapshotId}::uuid AND s.status = 'queued' AND b.id = s.built_on_id AND b.host_id <> ${hostId}::uuid
      AND s.waiting_reason IS NULL`;
}
