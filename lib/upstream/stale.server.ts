/** Snapshots that sessions start from and that are out of date; and a refresh of all of them, which makes room for people. */
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Page } from "@/lib/page";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import type { Actor } from "@/lib/users/roles";
import { type RefreshedWire, type StaleWire, staleReasonSchema } from "./wire";

/** A profile that doesn't say how old is too old. */
const OLD_DAYS = 30;
/** So many are listed, and refreshed at a time. */
const MOST = 200;

interface StaleRow {
  versionId: string;
  slug: string;
  name: string;
  version: number;
  snapshotId: string;
  number: number;
  finishedAt: Date;
  refreshing: boolean;
  reasons: unknown;
}

/** Those that have waited longest first. Pinned ones aren't among them: what they serve is somebody's choice. */
async function readStale(limit: number): Promise<StaleRow[]> {
  return db().$queryRaw<StaleRow[]>`
    SELECT v.id AS "versionId", p.slug, p.name, v.number AS version, s.id AS "snapshotId", s.number, s.finished_at AS "finishedAt",
      EXISTS (SELECT 1 FROM snapshots n WHERE n.version_id = v.id AND n.status IN ('queued', 'running')) AS refreshing, r.reasons
    FROM versions v JOIN profiles p ON p.id = v.profile_id JOIN snapshots s ON s.id = v.serving_snapshot_id
    CROSS JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('kind', kind, 'since', to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) AS reasons, min(since) AS since
      FROM (
        SELECT 'base_changed' AS kind, s.base_moved_at AS since WHERE s.base_moved_at IS NOT NULL
        UNION ALL SELECT 'repository_changed', s.repository_moved_at WHERE s.repository_moved_at IS NOT NULL
        UNION ALL SELECT 'secret_rotated', max(k.updated_at) FROM snapshot_secrets u LEFT JOIN secrets k ON k.name = u.name
          WHERE u.snapshot_id = s.id AND u.stale HAVING count(*) > 0
        UNION ALL SELECT 'age', s.finished_at + make_interval(days => COALESCE(p.refresh_after_days, ${OLD_DAYS}::int))
          WHERE s.finished_at < now() - make_interval(days => COALESCE(p.refresh_after_days, ${OLD_DAYS}::int))
      ) why) r
    WHERE p.archived_at IS NULL AND NOT v.pinned AND s.status = 'ready' AND s.finished_at IS NOT NULL AND r.reasons IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM versions o WHERE o.profile_id = v.profile_id AND o.number > v.number AND o.serving_snapshot_id IS NOT NULL)
    ORDER BY r.since NULLS FIRST, s.finished_at LIMIT ${limit}::int`;
}

/** At most 200; whoever has refreshed these sees the others. */
export async function listStale(): Promise<Page<StaleWire>> {
  const rows = await readStale(MOST);
  return {
    items: rows.map(({ slug, name, version, snapshotId, number, finishedAt, refreshing, reasons }) => ({
      profile: { slug, name },
      version,
      snapshot: { id: snapshotId, number, finishedAt: finishedAt.toISOString() },
      reasons: z.array(staleReasonSchema).parse(reasons),
      refreshing,
    })),
    nextCursor: null,
  };
}

/**
 * Asks for a refresh of each, at most 200 at a time, in the machines' lane: whoever refreshes one by hand overtakes them, and
 * profiles take turns. One that can't be refreshed any more is left out.
 */
export async function refreshStale(actor: Actor): Promise<RefreshedWire> {
  const rows = await readStale(MOST + 1);
  const wanted = rows.slice(0, MOST).filter(({ refreshing }) => !refreshing);
  let [queued, joined] = [0, 0];
  for (const { versionId } of wanted) {
    const asked = await db()
      .$transaction((tx) =>
        requestSnapshot(tx, actor, { versionId, trigger: "manual", mode: "full", lane: "machines" }),
      )
      .catch((error: unknown) => {
        // Archived or deleted since the list was read: there is nothing to refresh.
        if (error instanceof AppError && (error.status === 404 || error.status === 409)) return null;
        throw error;
      });
    if (asked) [queued, joined] = asked.joined ? [queued, joined + 1] : [queued + 1, joined];
  }
  return { queued, joined, left: Math.max(0, rows.length - MOST) };
}
