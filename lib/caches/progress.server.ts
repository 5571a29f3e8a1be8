/** The worker's side of caches: what was asked for, what was measured, and what nobody needs any more. */

import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { activeStatuses } from "@/lib/snapshots/state";

/** A cache that no version names any more is kept for a while: the next draft may name it again. */
const KEEP_DAYS = 7;

export interface AskedClear {
  id: string;
  volume: string;
  askedAt: Date;
}

export async function listAskedClears(hostId: string): Promise<AskedClear[]> {
  const rows = await db().cache.findMany({
    where: { hostId, clearRequestedAt: { not: null } },
    select: { id: true, volume: true, clearRequestedAt: true },
    orderBy: { id: "asc" },
  });
  return rows.flatMap(({ id, volume, clearRequestedAt }) =>
    clearRequestedAt ? [{ id, volume, askedAt: clearRequestedAt }] : [],
  );
}

/** Answers the one request that was seen; a later one is another. */
export async function recordCleared({ id, askedAt }: AskedClear): Promise<boolean> {
  const { count } = await db().cache.updateMany({
    where: { id, clearRequestedAt: askedAt },
    data: {
      bytes: 0,
      measuredAt: databaseTime(),
      clearedAt: databaseTime(),
      clearRequestedAt: null,
      clearRequestedBy: null,
    },
  });
  return count === 1;
}

export async function hasCaches(hostId: string): Promise<boolean> {
  return (await db().cache.count({ where: { hostId } })) > 0;
}

/** Has a build used one since it was measured, or does one use it now? Looking is dear. */
export async function needMeasuring(hostId: string): Promise<boolean> {
  const [row] = await db().$queryRaw<Array<{ due: boolean }>>`
    SELECT EXISTS (
      SELECT 1 FROM caches c LEFT JOIN snapshots s ON s.id = c.held_by
      WHERE c.host_id = ${hostId}::uuid AND (c.measured_at IS NULL OR c.used_at > c.measured_at
        OR s.status = ANY(${activeStatuses}::"SnapshotStatus"[]) OR s.finished_at > c.measured_at)
    ) AS due`;
  return row?.due ?? false;
}

/** @param bytes by volume, of all volumes on the engine: one that isn't there holds nothing */
export async function recordCacheSizes(hostId: string, bytes: ReadonlyMap<string, number>): Promise<void> {
  const measured = JSON.stringify([...bytes].map(([volume, size]) => ({ volume, size })));
  await db().$executeRaw`
    UPDATE caches c SET measured_at = now(), bytes = COALESCE((
      SELECT m.size FROM jsonb_to_recordset(${measured}::jsonb) AS m(volume text, size bigint) WHERE m.volume = c.volume
    ), 0) WHERE c.host_id = ${hostId}::uuid`;
}

/** Rows of caches that nobody needs, once their volumes are gone. */
export async function forgetCaches(hostId: string, volumes: ReadonlySet<string>): Promise<void> {
  const rows = await db().cache.findMany({ where: { hostId }, select: { volume: true } });
  const gone = rows.map(({ volume }) => volume).filter((volume) => !volumes.has(volume));
  if (gone.length === 0) return;
  const unneeded = [...(await readCacheNeeds(gone))].filter(
    ([, need]) => !need.recent && (need.archived || !need.named),
  );
  await db().$executeRaw`
    DELETE FROM caches WHERE host_id = ${hostId}::uuid AND volume = ANY(${unneeded.map(([volume]) => volume)}::text[])
      AND used_at < now() - make_interval(days => ${KEEP_DAYS}::int)`;
}

export interface CacheNeed {
  path: string;
  profile: string;
  archived: boolean;
  /** A version or the draft of the profile names it. */
  named: boolean;
  /** A build took it a few days ago, or now. */
  recent: boolean;
}

/** By volume; nothing for those that no row has. */
export async function readCacheNeeds(volumes: readonly string[]): Promise<Map<string, CacheNeed>> {
  if (volumes.length === 0) return new Map();
  const rows = await db().$queryRaw<Array<CacheNeed & { volume: string }>>`
    SELECT c.volume, c.path, p.slug AS profile, p.archived_at IS NOT NULL AS archived,
      c.used_at > now() - make_interval(days => ${KEEP_DAYS}::int) AS recent,
      EXISTS (SELECT 1 FROM versions v WHERE v.profile_id = c.profile_id AND jsonb_exists(v.spec->'caches', c.path)) AS named
    FROM caches c JOIN profiles p ON p.id = c.profile_id WHERE c.volume = ANY(${[...volumes]}::text[])`;
  return new Map(rows.map(({ volume, ...need }) => [volume, need]));
}
