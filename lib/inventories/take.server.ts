/** The worker's side: whose turn an inventory is, and its end. Every write carries the taker, so one that was lost changes nothing. */
import { z } from "zod";
import { db, Prisma } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Content, MOST_TRIES } from "./content";

const RETRY_SECONDS = 30;

/** The worker that has the row `i` is alive. */
export const takerLives = () => Prisma.sql`EXISTS (
  SELECT 1 FROM workers w WHERE w.id = i.taker_id AND w.status <> 'stopped'
    AND w.seen_at > now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8))`;

export interface Take {
  snapshotId: string;
  imageId: string;
  baseImageId: string | null;
}

/**
 * The newest ready snapshot of the host that has no inventory and that nobody is at. A worker takes one at a time,
 * so what it has already was left by itself. @returns null when there is none.
 */
export async function claimInventory(worker: { id: string; hostId: string }): Promise<Take | null> {
  const free = Prisma.sql`i.taken_at IS NULL AND i.tries < ${MOST_TRIES}::int
    AND (i.retry_at IS NULL OR i.retry_at <= now())
    AND (i.taker_id IS NULL OR i.taker_id = ${worker.id}::uuid OR NOT ${takerLives()})`;
  const [claimed] = await db().$queryRaw<Array<{ snapshotId: string }>>`
    INSERT INTO inventories AS i (snapshot_id, tries, taker_id)
    SELECT s.id, 1, ${worker.id}::uuid FROM snapshots s LEFT JOIN inventories i ON i.snapshot_id = s.id
    WHERE s.host_id = ${worker.hostId}::uuid AND s.status = 'ready' AND s.image_id IS NOT NULL
      AND (i.snapshot_id IS NULL OR (${free}))
    ORDER BY s.id DESC LIMIT 1
    ON CONFLICT (snapshot_id) DO UPDATE SET tries = i.tries + 1, taker_id = EXCLUDED.taker_id, retry_at = NULL
      WHERE ${free}
    RETURNING snapshot_id AS "snapshotId"`;
  if (!claimed) return null;
  const { imageId, baseImageId } = await db().snapshot.findUniqueOrThrow({
    where: { id: claimed.snapshotId },
    select: { imageId: true, baseImageId: true },
  });
  if (imageId !== null) return { ...claimed, imageId, baseImageId };
  // Removed since: nobody claims it again.
  await releaseInventory(claimed.snapshotId, worker.id, null);
  return null;
}

/** Snapshots of one image have one inventory: what was read for another of them isn't read again. */
export async function shareInventories(hostId: string): Promise<void> {
  await db().$executeRaw`
    INSERT INTO inventories (snapshot_id, taken_at, content)
    SELECT s.id, now(), known.content FROM snapshots s LEFT JOIN inventories mine ON mine.snapshot_id = s.id
    CROSS JOIN LATERAL (
      SELECT i.content FROM snapshots o JOIN inventories i ON i.snapshot_id = o.id
      WHERE o.image_id = s.image_id AND o.host_id = s.host_id AND o.base_image_id IS NOT DISTINCT FROM s.base_image_id
        AND i.taken_at IS NOT NULL LIMIT 1
    ) known
    WHERE s.host_id = ${hostId}::uuid AND s.status = 'ready' AND s.image_id IS NOT NULL AND mine.snapshot_id IS NULL
    ON CONFLICT (snapshot_id) DO NOTHING`;
}

/** Once: a second taker finds it taken. @returns whether it was this one's to write. */
export async function storeInventory(
  snapshotId: string,
  workerId: string,
  content: Content,
): Promise<boolean> {
  const stored = await db().$executeRaw`
    UPDATE inventories SET taken_at = now(), content = ${JSON.stringify(content)}::jsonb, taker_id = NULL, error = NULL
    WHERE snapshot_id = ${snapshotId}::uuid AND taker_id = ${workerId}::uuid AND taken_at IS NULL`;
  return stored === 1;
}

/** Gives it back. @param error why the try failed; null for a worker that is leaving, whose try doesn't count. */
export async function releaseInventory(
  snapshotId: string,
  workerId: string,
  error: string | null,
): Promise<void> {
  const mine = Prisma.sql`snapshot_id = ${snapshotId}::uuid AND taker_id = ${workerId}::uuid`;
  if (error === null)
    await db()
      .$executeRaw`UPDATE inventories SET taker_id = NULL, tries = greatest(tries - 1, 0) WHERE ${mine}`;
  else
    await db().$executeRaw`
      UPDATE inventories SET taker_id = NULL, error = ${error},
        retry_at = now() + make_interval(secs => ${RETRY_SECONDS}::float8 * tries) WHERE ${mine}`;
}

/** Workers of the host that read an image now, for its inventory or for what it was built from. */
export async function readTakers(hostId: string): Promise<Set<string>> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT DISTINCT i.taker_id AS id FROM inventories i JOIN snapshots s ON s.id = i.snapshot_id
    WHERE s.host_id = ${hostId}::uuid AND i.taker_id IS NOT NULL AND ${takerLives()}
    UNION SELECT s.upstream_by FROM snapshots s JOIN workers w ON w.id = s.upstream_by
    WHERE s.host_id = ${hostId}::uuid AND w.status <> 'stopped'
      AND w.seen_at > now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)`;
  return new Set(rows.map(({ id }) => id));
}

/** Programs of a base image, if they were read before. */
export async function readBasePrograms(imageId: string): Promise<string[] | null> {
  const row = await db().basePrograms.findUnique({ where: { imageId } });
  return row ? z.array(z.string()).parse(row.paths) : null;
}

/** The first one counts; an id names its content. */
export async function storeBasePrograms(imageId: string, paths: readonly string[]): Promise<void> {
  await db().$executeRaw`
    INSERT INTO base_programs (image_id, paths) VALUES (${imageId}, ${JSON.stringify(paths)}::jsonb)
    ON CONFLICT (image_id) DO NOTHING`;
}
