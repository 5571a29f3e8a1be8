/**
 * Refreshes for another reason than a time: a secret that the serving snapshot was built with was rotated, or that
 * snapshot is too old. Each is switched on by profile, and each is looked for in one statement: what it asked for once,
 * whatever became of that, it doesn't ask for again at once.
 */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { systemActor } from "@/lib/users/roles";
import { isAlone } from "./alone.server";
import { blackoutNow } from "./blackout.server";
import { PAUSES_AFTER } from "./policy";

export type Reason = "secret_rotated" | "age";

/** @returns why a version was refreshed; null when none is to be, or when another process is at it. */
export async function refreshForReason(): Promise<Reason | null> {
  return db().$transaction(async (tx) => {
    if (!(await isAlone(tx))) return null;
    if ((await blackoutNow(tx)) !== null) return null;
    const [found] = await tx.$queryRaw<Array<{ versionId: string; reason: Reason }>>`
      WITH serving AS (
        SELECT v.id AS version_id, s.id AS snapshot_id, s.finished_at, p.refresh_on_secret, p.refresh_after_days
        FROM versions v JOIN profiles p ON p.id = v.profile_id JOIN snapshots s ON s.id = v.serving_snapshot_id
        WHERE p.archived_at IS NULL AND NOT v.pinned AND (p.refresh_on_secret OR p.refresh_after_days IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM versions n WHERE n.profile_id = v.profile_id AND n.number > v.number AND n.serving_snapshot_id IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM snapshots n WHERE n.version_id = v.id AND n.status IN ('queued', 'running'))
          AND ${PAUSES_AFTER}::int > (SELECT count(*) FROM (
            SELECT n.status FROM snapshots n WHERE n.version_id = v.id AND n.status IN ('ready', 'failed', 'removed')
            ORDER BY n.number DESC LIMIT ${PAUSES_AFTER}::int) ended WHERE ended.status = 'failed')),
      rotated AS (
        SELECT version_id, 'secret_rotated' AS reason FROM serving v WHERE v.refresh_on_secret AND EXISTS (
          SELECT 1 FROM snapshot_secrets u LEFT JOIN secrets s ON s.name = u.name
          WHERE u.snapshot_id = v.snapshot_id AND u.stale AND NOT EXISTS (
            SELECT 1 FROM snapshots n WHERE n.version_id = v.version_id AND n.trigger = 'secret_rotated'
              AND n.queued_at >= COALESCE(s.updated_at, '-infinity')))),
      aged AS (
        SELECT version_id, 'age' AS reason FROM serving v
        WHERE v.finished_at < now() - make_interval(days => v.refresh_after_days) AND NOT EXISTS (
          SELECT 1 FROM snapshots n WHERE n.version_id = v.version_id AND n.trigger = 'age' AND n.queued_at > now() - interval '1 day'))
      SELECT version_id AS "versionId", reason FROM (SELECT * FROM rotated UNION ALL SELECT * FROM aged) found
      WHERE NOT EXISTS (SELECT 1 FROM installation WHERE background_paused_at IS NOT NULL)
        AND ${env().KILN_SCHEDULED_STARTS}::int > (SELECT count(*) FROM snapshots n
          WHERE n.trigger IN ('secret_rotated', 'age') AND n.queued_at > now() - interval '1 minute')
      LIMIT 1`;
    if (!found) return null;
    await requestSnapshot(tx, systemActor, {
      versionId: found.versionId,
      trigger: found.reason,
      mode: "full",
    });
    return found.reason;
  });
}
