/** Whose turn a look at what a serving snapshot was built from is, and what came of it. Only the database's clock counts. */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";

export interface UpstreamCheck {
  snapshotId: string;
  imageId: string;
  /** `name@sha256:…`; null for an image that no registry gave. */
  baseImageDigest: string | null;
  spec: Spec;
}

/**
 * The snapshot of this worker's host that has waited longest: of those that new sessions start from. Looked at again after
 * a while, whatever becomes of this look. @returns null when none is due.
 */
export async function claimCheck(worker: { id: string; hostId: string }): Promise<UpstreamCheck | null> {
  const [row] = await db().$queryRaw<
    Array<Omit<UpstreamCheck, "spec" | "imageId"> & { imageId: string | null; spec: unknown }>
  >`
    UPDATE snapshots s SET upstream_by = ${worker.id}::uuid,
      upstream_at = now() + make_interval(secs => ${env().KILN_UPSTREAM_MINUTES * 60}::float8)
    FROM versions v WHERE v.id = s.version_id AND s.id = (
      SELECT n.id FROM versions sv JOIN profiles p ON p.id = sv.profile_id JOIN snapshots n ON n.id = sv.serving_snapshot_id
      WHERE p.archived_at IS NULL AND n.host_id = ${worker.hostId}::uuid AND n.status = 'ready' AND n.image_id IS NOT NULL
        AND COALESCE(n.upstream_at, n.finished_at + make_interval(secs => ${env().KILN_UPSTREAM_MINUTES * 60}::float8)) <= now()
        AND NOT EXISTS (SELECT 1 FROM versions o WHERE o.profile_id = sv.profile_id AND o.number > sv.number AND o.serving_snapshot_id IS NOT NULL)
      ORDER BY COALESCE(n.upstream_at, n.finished_at) LIMIT 1 FOR UPDATE OF n SKIP LOCKED)
    RETURNING s.id AS "snapshotId", s.image_id AS "imageId", s.base_image_digest AS "baseImageDigest", v.spec`;
  if (!row) return null;
  const spec = specSchema.safeParse(row.spec);
  if (row.imageId !== null && spec.success) return { ...row, imageId: row.imageId, spec: spec.data };
  await recordCheck(row.snapshotId, worker.id, { baseMoved: null, repositoriesMoved: null, error: null });
  return null;
}

export interface Found {
  /** Null for what nobody could say: then what was known stays. */
  baseMoved: boolean | null;
  /** The addresses of those that have. */
  repositoriesMoved: string[] | null;
  error: string | null;
}

/** Since when something has moved stays what it was at the first look that saw it. */
export async function recordCheck(
  snapshotId: string,
  workerId: string,
  { baseMoved, repositoriesMoved, error }: Found,
): Promise<void> {
  const moved = repositoriesMoved === null ? null : repositoriesMoved.length > 0;
  await db().$executeRaw`
    UPDATE snapshots SET upstream_by = NULL, upstream_checked_at = now(), upstream_error = ${error},
      base_moved_at = CASE ${baseMoved}::boolean WHEN true THEN COALESCE(base_moved_at, now()) WHEN false THEN NULL ELSE base_moved_at END,
      repository_moved_at = CASE ${moved}::boolean WHEN true THEN COALESCE(repository_moved_at, now()) WHEN false THEN NULL ELSE repository_moved_at END,
      repositories_moved = COALESCE(${repositoriesMoved}::text[], repositories_moved)
    WHERE id = ${snapshotId}::uuid AND upstream_by = ${workerId}::uuid`;
}

/** The ciphertexts of these secrets, as they are now. */
export function sealedSecrets(
  names: readonly string[],
): Promise<Array<{ id: string; name: string; sealed: Uint8Array }>> {
  return db().secret.findMany({
    where: { name: { in: [...names] } },
    select: { id: true, name: true, sealed: true },
  });
}
