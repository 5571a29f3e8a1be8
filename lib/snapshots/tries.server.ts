/** What is particular about the end of a try: its image isn't kept, and after a while neither is its row. */
import { db, type Tx } from "@/lib/db/client.server";

const KEEP_DAYS = 7;
const KEEP_COUNT = 10;

/**
 * A try that succeeded has shown what it was made for. The row lets go of the image in the transaction that makes
 * it ready; its worker removes the image, or a sweep does. @returns whether it was a try.
 */
export async function letGoOfTry(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.snapshot.updateMany({
    where: { id, trigger: "try" },
    data: { imageId: null, imageReference: null, imageSizeBytes: null },
  });
  return count === 1;
}

/** When a try that ended then is deleted, at the latest. */
export function tryExpiresAt(finishedAt: Date): Date {
  return new Date(finishedAt.getTime() + KEEP_DAYS * 86_400_000);
}

/**
 * Deletes tries that are over, with their logs: a week after their end, and all but each profile's newest ten. One
 * whose container is kept stays until that is gone. @returns how many went.
 */
export async function deleteOldTries(): Promise<number> {
  return db().$transaction(async (tx) => {
    const old = await tx.$queryRaw<Array<{ id: string; versionId: string }>>`
      SELECT s.id, s.version_id AS "versionId" FROM snapshots s JOIN (
        SELECT id, rank() OVER (PARTITION BY profile_id ORDER BY number DESC) AS place FROM snapshots WHERE trigger = 'try'
      ) placed ON placed.id = s.id
      WHERE s.status NOT IN ('queued', 'running') AND s.kept_container_id IS NULL
        AND (placed.place > ${KEEP_COUNT} OR s.finished_at < now() - make_interval(days => ${KEEP_DAYS}::int))
      ORDER BY s.id LIMIT 50 FOR UPDATE OF s SKIP LOCKED`;
    await tx.snapshot.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
    await tx.version.deleteMany({
      where: { id: { in: old.map(({ versionId }) => versionId) }, state: "trial" },
    });
    return old.length;
  });
}
