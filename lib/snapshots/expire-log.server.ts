/** A log goes after its time. What serves keeps its log, and so does each version's newest failure. */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";

const AT_ONCE = 20;

/** @returns how many logs went. Safe to run anywhere at the same time. */
export async function expireLogs(): Promise<number> {
  return db().$transaction(async (tx) => {
    const expired = await tx.$queryRaw<Array<{ id: string }>>`
      UPDATE snapshots SET log_expired_at = now(), log_last_line = '' WHERE id IN (
        SELECT s.id FROM snapshots s
        WHERE s.status NOT IN ('queued', 'running') AND s.log_expired_at IS NULL
          AND s.finished_at < now() - make_interval(secs => ${env().KILN_LOG_DAYS * 86_400}::float8)
          AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.serving_snapshot_id = s.id)
          AND NOT (s.status = 'failed' AND NOT EXISTS (
            SELECT 1 FROM snapshots f WHERE f.version_id = s.version_id AND f.status = 'failed' AND f.number > s.number))
        ORDER BY s.id LIMIT ${AT_ONCE} FOR NO KEY UPDATE OF s SKIP LOCKED)
      RETURNING id`;
    const where = { snapshotId: { in: expired.map(({ id }) => id) } };
    await tx.logPart.deleteMany({ where });
    await tx.logChunk.deleteMany({ where });
    await tx.logOutline.deleteMany({ where });
    return expired.length;
  });
}
