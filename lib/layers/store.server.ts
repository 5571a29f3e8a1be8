/**
 * What steps left, by key: builds that would do the same start from it. A row promises nothing: the image may be
 * gone, and whoever uses it looks first. Sweeps remove what hasn't been used for a while (worker/sweep/plan.ts).
 */
import { v7 as uuidv7 } from "uuid";
import { db } from "@/lib/db/client.server";
import type { Claim } from "@/lib/snapshots/log-store.server";

export interface KeptLayer {
  key: string;
  imageId: string;
  /** The number of the snapshot whose build made it. */
  number: number;
  /** That snapshot's profile, when it is another one: numbers are a profile's own. */
  profile: string | null;
}

/**
 * Those that are kept of these keys on a host; asking for them is using them.
 * @param asking the snapshot that would use them
 */
export async function useLayers(
  hostId: string,
  keys: readonly string[],
  asking: string | null = null,
): Promise<KeptLayer[]> {
  return db().$queryRaw`
    UPDATE layers SET used_at = now() FROM snapshots s JOIN profiles p ON p.id = s.profile_id
    WHERE layers.host_id = ${hostId}::uuid AND layers.key = ANY(${keys}::text[]) AND s.id = layers.snapshot_id
    RETURNING layers.key, layers.image_id AS "imageId", s.number,
      CASE WHEN s.profile_id <> (SELECT profile_id FROM snapshots WHERE id = ${asking}::uuid) THEN p.name END AS profile`;
}

/** Keeps what a step left, in the place of an older one with the same key. Only the claim's holder may (I4). */
export async function keepLayer(
  claim: Claim,
  { hostId, key, imageId, step }: { hostId: string; key: string; imageId: string; step: string },
): Promise<boolean> {
  const kept = await db().$executeRaw`
    INSERT INTO layers (id, host_id, key, image_id, snapshot_id, step)
    SELECT ${uuidv7()}::uuid, ${hostId}::uuid, ${key}, ${imageId}, s.id, ${step} FROM snapshots s
    WHERE s.id = ${claim.snapshotId}::uuid AND s.worker_id = ${claim.workerId}::uuid AND s.fence = ${claim.fence} AND s.status = 'running'
    ON CONFLICT (host_id, key) DO UPDATE SET image_id = EXCLUDED.image_id, snapshot_id = EXCLUDED.snapshot_id,
      created_at = now(), used_at = now()`;
  return kept === 1;
}

/** What a build's steps left and nobody keeps: no later build, no snapshot. Newest first, as they lie upon each other. */
export async function listUnkept(snapshotId: string): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ imageId: string }>>`
    SELECT st.layer_id AS "imageId" FROM snapshot_steps st
    WHERE st.snapshot_id = ${snapshotId}::uuid AND st.layer_id IS NOT NULL AND st.reused_from IS NULL
      AND NOT EXISTS (SELECT 1 FROM layers l WHERE l.image_id = st.layer_id)
      AND NOT EXISTS (SELECT 1 FROM snapshots s WHERE s.image_id = st.layer_id)
    ORDER BY st.position DESC`;
  return rows.map(({ imageId }) => imageId);
}

/** After an image turned out to be gone, or was removed. */
export async function forgetLayers(hostId: string, imageIds: readonly string[]): Promise<void> {
  await db().layer.deleteMany({ where: { hostId, imageId: { in: [...imageIds] } } });
}

/**
 * All that one build kept, and all that those kept whose results it used: any of it may hold the secret, and what
 * holds one must not be used again.
 */
export async function forgetLayersOf(snapshotId: string): Promise<void> {
  await db().$executeRaw`
    WITH RECURSIVE made(id) AS (
      SELECT ${snapshotId}::uuid UNION
      SELECT l.snapshot_id FROM made JOIN snapshot_steps step ON step.snapshot_id = made.id JOIN layers l ON l.image_id = step.layer_id
    )
    DELETE FROM layers USING made WHERE layers.snapshot_id = made.id`;
}

/** Hours for which a layer is kept after its last use, when no snapshot's image was made from it. */
export const KEEP_LAYER_HOURS = 24;

/** Images that rows of layers name on a host, and whether the time is up for them. */
export async function readLayers(
  hostId: string,
  keepHours = KEEP_LAYER_HOURS,
): Promise<Map<string, { stale: boolean }>> {
  const rows = await db().$queryRaw<Array<{ imageId: string; stale: boolean }>>`
    SELECT image_id AS "imageId", bool_and(used_at < now() - make_interval(hours => ${keepHours}::int)) AS stale
    FROM layers WHERE host_id = ${hostId}::uuid GROUP BY image_id`;
  return new Map(rows.map(({ imageId, stale }) => [imageId, { stale }]));
}
