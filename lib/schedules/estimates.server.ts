/** How long a version's builds take, by the last that worked, and whether its schedule starts any. */
import { db, type Tx } from "@/lib/db/client.server";

/** The median of so many. */
const LOOKED_AT = 10;

export interface Estimate {
  /** Of the version's last builds, else of its profile's, else of all; null when nothing was built yet. */
  seconds: number | null;
  /** Archived, or new sessions start from a newer version: the schedule is skipped. */
  rests: boolean;
}

/** Of many versions in one query, by their ids. */
export async function estimatesOf(
  versionIds: readonly string[],
  tx: Tx = db(),
): Promise<Map<string, Estimate>> {
  if (versionIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<Array<Estimate & { id: string }>>`
    WITH asked AS (
      SELECT v.id, v.profile_id, v.number, p.archived_at IS NOT NULL AS archived
      FROM versions v JOIN profiles p ON p.id = v.profile_id WHERE v.id = ANY(${[...versionIds]}::uuid[])),
    by_version AS (
      SELECT a.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY b.seconds) AS seconds
      FROM asked a CROSS JOIN LATERAL (
        SELECT extract(epoch FROM n.finished_at - n.started_at) AS seconds FROM snapshots n
        WHERE n.version_id = a.id AND n.mode = 'full' AND n.status IN ('ready', 'removed') AND n.trigger <> 'try'
          AND n.finished_at >= n.started_at
        ORDER BY n.number DESC LIMIT ${LOOKED_AT}::int) b
      GROUP BY a.id),
    by_profile AS (
      SELECT a.profile_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY b.seconds) AS seconds
      FROM (SELECT DISTINCT profile_id FROM asked WHERE id NOT IN (SELECT id FROM by_version)) a CROSS JOIN LATERAL (
        SELECT extract(epoch FROM n.finished_at - n.started_at) AS seconds FROM snapshots n
        WHERE n.profile_id = a.profile_id AND n.mode = 'full' AND n.status IN ('ready', 'removed') AND n.trigger <> 'try'
          AND n.finished_at >= n.started_at
        ORDER BY n.number DESC LIMIT ${LOOKED_AT}::int) b
      GROUP BY a.profile_id),
    of_all AS (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY b.seconds) AS seconds FROM (
        SELECT extract(epoch FROM n.finished_at - n.started_at) AS seconds FROM snapshots n
        WHERE n.mode = 'full' AND n.status IN ('ready', 'removed') AND n.trigger <> 'try'
          AND n.finished_at >= n.started_at
        ORDER BY n.queued_at DESC LIMIT ${LOOKED_AT}::int) b)
    SELECT a.id, COALESCE(v.seconds, p.seconds, (SELECT seconds FROM of_all))::float8 AS seconds,
      a.archived OR EXISTS (SELECT 1 FROM versions n WHERE n.profile_id = a.profile_id AND n.number > a.number
        AND n.serving_snapshot_id IS NOT NULL) AS rests
    FROM asked a LEFT JOIN by_version v ON v.id = a.id LEFT JOIN by_profile p ON p.profile_id = a.profile_id`;
  return new Map(rows.map(({ id, ...estimate }) => [id, estimate]));
}
