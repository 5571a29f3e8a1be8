/** A log whose time is over. */
import { db } from "@/lib/db/client.server";
import { expireLogs } from "@/lib/snapshots/expire-log.server";

/** Makes a snapshot years old and has its log deleted as a sweep would. One that serves keeps its log. */
export async function outliveLog(snapshotId: string): Promise<void> {
  const longAgo = new Date(Date.now() - 5 * 365 * 86_400_000);
  await db().snapshot.update({ where: { id: snapshotId }, data: { finishedAt: longAgo } });
  await expireLogs();
}
