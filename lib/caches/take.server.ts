/** Gives a build its caches: the rows are there before the volumes, so a sweep never takes one for an orphan. */
import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { db } from "@/lib/db/client.server";
import type { Claim } from "@/lib/snapshots/log-store.server";
import { activeStatuses } from "@/lib/snapshots/state";

export interface TakenCaches {
  profileId: string;
  taken: Array<{ path: string; volume: string }>;
  /** Those that another build has to itself, with that snapshot's number. */
  busy: Array<{ path: string; number: number }>;
}

/**
 * One guarded statement a build. A cache that can't be shared is its holder's for as long as that snapshot's own
 * row says that it isn't over: nothing has to be given back, and no dead worker keeps one. Safe to repeat.
 * @param alone of the paths, those that only one build may have at a time
 */
export async function takeCaches(
  { snapshotId, workerId, fence }: Claim,
  paths: readonly string[],
  alone: readonly string[],
): Promise<TakenCaches> {
  const { profileId } = await db().snapshot.findUniqueOrThrow({
    where: { id: snapshotId },
    select: { profileId: true },
  });
  const wanted = paths.map((path) => ({ id: uuidv7(), path, volume: volumeName(profileId, path) }));
  const taken = await db().$queryRaw<Array<{ path: string; volume: string }>>`
    INSERT INTO caches (id, profile_id, host_id, path, volume, held_by)
    SELECT w.id, s.profile_id, s.host_id, w.path, w.volume, s.id
    FROM snapshots s, jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w(id uuid, path text, volume text)
    WHERE s.id = ${snapshotId}::uuid AND s.worker_id = ${workerId}::uuid AND s.fence = ${fence} AND s.status = 'running'
    ON CONFLICT (profile_id, host_id, path) DO UPDATE SET used_at = now(), held_by = EXCLUDED.held_by
    WHERE NOT caches.path = ANY(${[...alone]}::text[]) OR caches.held_by = EXCLUDED.held_by OR NOT EXISTS (
      SELECT 1 FROM snapshots h WHERE h.id = caches.held_by AND h.status = ANY(${activeStatuses}::"SnapshotStatus"[]))
    RETURNING path, volume`;
  const missing = paths.filter((path) => !taken.some((one) => one.path === path));
  return { profileId, taken, busy: missing.length > 0 ? await holders(snapshotId, missing) : [] };
}

async function holders(snapshotId: string, paths: readonly string[]): Promise<TakenCaches["busy"]> {
  return db().$queryRaw`
    SELECT c.path, h.number FROM snapshots s
    JOIN caches c ON c.profile_id = s.profile_id AND c.host_id = s.host_id
    JOIN snapshots h ON h.id = c.held_by
    WHERE s.id = ${snapshotId}::uuid AND c.path = ANY(${[...paths]}::text[]) ORDER BY c.path`;
}

/** The same at each build. A path is too long, and has characters that a volume's name can't have. */
function volumeName(profileId: string, path: string): string {
  return `kiln-cache-${profileId}-${createHash("sha256").update(path).digest("hex").slice(0, 12)}`;
}
