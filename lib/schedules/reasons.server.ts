/**
 * Refreshes for another reason than a time: a secret that the serving snapshot was built with was rotated, its base image
 * or one of its repositories has moved on, it is too old, or a hook asked for it while that couldn't be done. Each is switched on by profile, and each is looked for in one statement: what it asked for once,
 * whatever became of that, it doesn't ask for again at once.
 */
import { db, Prisma } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { hookActor, newestVersion, stopWaiting } from "@/lib/hooks/waiting.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { systemActor } from "@/lib/users/roles";
import { isAlone } from "./alone.server";
import { blackoutNow } from "./blackout.server";
import { PAUSES_AFTER } from "./policy";

const reasons = ["secret_rotated", "base_changed", "repository_changed", "age", "hook"] as const;
export type Reason = (typeof reasons)[number];

/** @returns why a version was refreshed; null when none is to be, or when another process is at it. */
export async function refreshForReason(): Promise<Reason | null> {
  return db().$transaction(async (tx) => {
    if (!(await isAlone(tx))) return null;
    if ((await blackoutNow(tx)) !== null) return null;
    const [found] = await tx.$queryRaw<Array<{ versionId: string; reason: Reason; hook: string | null }>>`
      WITH serving AS (
        SELECT v.id AS version_id, s.id AS snapshot_id, s.finished_at, s.base_moved_at, s.repository_moved_at,
          p.refresh_on_secret, p.refresh_after_days, p.refresh_on_base, p.refresh_on_repository
        FROM versions v JOIN profiles p ON p.id = v.profile_id JOIN snapshots s ON s.id = v.serving_snapshot_id
        WHERE p.archived_at IS NULL AND NOT v.pinned AND (p.refresh_on_secret OR p.refresh_after_days IS NOT NULL OR p.refresh_on_base OR p.refresh_on_repository)
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
          SELECT 1 FROM snapshots n WHERE n.version_id = v.version_id AND n.trigger = 'age' AND n.queued_at > now() - interval '1 day')),
      moved AS (
        SELECT version_id, m.reason FROM serving v CROSS JOIN LATERAL (VALUES
          ('base_changed', v.refresh_on_base, v.base_moved_at), ('repository_changed', v.refresh_on_repository, v.repository_moved_at)
        ) m (reason, wanted, moved_at)
        WHERE m.wanted AND m.moved_at IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM snapshots n WHERE n.version_id = v.version_id AND n.trigger = m.reason AND n.queued_at >= m.moved_at)),
      hooked AS (
        SELECT v.id AS version_id, 'hook' AS reason, p.hook_waiting_by FROM profiles p JOIN versions v ON v.id = (${newestVersion(Prisma.sql`p.id`)})
        WHERE p.hook_waiting_since IS NOT NULL AND p.archived_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM snapshots n WHERE n.version_id = v.id AND n.status = 'running'))
      SELECT version_id AS "versionId", reason, hook FROM (
        SELECT version_id, reason, hook_waiting_by AS hook FROM hooked
        UNION ALL SELECT *, NULL FROM rotated UNION ALL SELECT *, NULL FROM moved UNION ALL SELECT *, NULL FROM aged) found
      WHERE NOT EXISTS (SELECT 1 FROM installation WHERE background_paused_at IS NOT NULL)
        AND ${env().KILN_SCHEDULED_STARTS}::int > (SELECT count(*) FROM snapshots n
          WHERE n.trigger = ANY (${[...reasons]}::text[]) AND n.queued_at > now() - interval '1 minute')
      LIMIT 1`;
    if (!found) return null;
    const actor = found.hook === null ? systemActor : hookActor(found.hook);
    if (found.reason === "hook") await stopWaiting(tx, found.versionId);
    await requestSnapshot(tx, actor, {
      versionId: found.versionId,
      trigger: found.reason,
      mode: "full",
    });
    return found.reason;
  });
}
