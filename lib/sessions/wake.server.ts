/** The queue entry that has a session's host look at its row. */
import type { Tx } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";

/** Within the transaction that moved the row (I2). */
export async function wakeWorker(tx: Tx, id: string): Promise<void> {
  const { hostId } = await tx.session.findUniqueOrThrow({ where: { id }, select: { hostId: true } });
  await enqueueSession(tx, hostId, { sessionId: id });
}
