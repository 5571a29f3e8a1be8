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
