/**
 * I3, I4: the row decides who builds. A claim is one guarded update; from then on worker and fence are the
 * token that every write of the build carries. Only the database's clock counts.
 */
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { endSnapshot } from "./finish.server";
import type { Claim } from "./log-store.server";
import { type BuildProgress, readProgress } from "./progress.server";
import { type SnapshotStatus, sourcesOf } from "./state";

export interface ClaimedSnapshot {
  claim: Claim;
  hostId: string;
  number: number;
  profile: { slug: string };
  /** Null for a draft that is being tried. */
  version: number | null;
  spec: Spec;
  /** May it use what earlier builds kept of the same steps? */
  reuse: boolean;
  /** The base image was seen to have moved in its registry: `must` when the build is about that. */
  freshBase: "no" | "try" | "must";
  /** An incremental one starts from this snapshot's image. */
  builtOn: BuiltOn | null;
  /** Where the log goes on, and how much text it holds. */
  log: { seq: number; lines: number; bytes: number };
  /** What is done of it already. */
  progress: BuildProgress;
}

export interface BuiltOn {
  number: number;
  imageId: string | null;
  baseImageId: string | null;
  baseImageDigest: string | null;
}

export interface Claimant {
  id: string;
  hostId: string;
}

/**
 * @returns null when there is nothing to build: it is not queued any more, so a duplicate delivery goes away;
 * it is built upon an image of another host; or its spec can't be read, which ends it here and now (F24).
 */
export async function claimSnapshot(snapshotId: string, worker: Claimant): Promise<ClaimedSnapshot | null> {
  const claimed = await db().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<Array<{ fence: number; attempt: number }>>`
      UPDATE snapshots s
      SET status = 'running', attempt = attempt + 1, fence = fence + 1, worker_id = ${worker.id}::uuid, host_id = ${worker.hostId}::uuid,
          started_at = now(), lease_until = now() + make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8), waiting_reason = NULL
      WHERE id = ${snapshotId}::uuid AND status = ANY(${sourcesOf("running")}::"SnapshotStatus"[])
        AND (built_on_id IS NULL OR EXISTS (SELECT 1 FROM snapshots b WHERE b.id = s.built_on_id AND b.host_id = ${worker.hostId}::uuid))
      RETURNING fence, attempt`;
    const [row] = rows;
    return row ? readClaimed(tx, { snapshotId, workerId: worker.id, ...row }) : null;
  });
  return claimed && (await withSpec(claimed));
}

type Unread = Omit<ClaimedSnapshot, "spec"> & { spec: unknown };

interface ClaimedRow
  extends Pick<Unread, "number" | "hostId" | "version" | "spec" | "reuse" | "freshBase" | "builtOn" | "log"> {
  slug: string;
}

/** All that a build needs to know, as its claim's transaction sees it. */
export async function readClaimed(tx: Tx, claim: Claim): Promise<Unread> {
  const [row] = await tx.$queryRaw<ClaimedRow[]>`
    SELECT s.number, COALESCE(s.host_id::text, '') AS "hostId", p.slug, v.number AS version, v.spec, s.reuse,
      CASE WHEN s.trigger = 'base_changed' THEN 'must' WHEN NOT s.reuse AND EXISTS (SELECT 1 FROM snapshots n
        WHERE n.id = v.serving_snapshot_id AND n.base_moved_at IS NOT NULL) THEN 'try' ELSE 'no' END AS "freshBase",
      CASE WHEN b.id IS NOT NULL THEN jsonb_build_object('number', b.number, 'imageId', b.image_id,
        'baseImageId', b.base_image_id, 'baseImageDigest', b.base_image_digest) END AS "builtOn",
      jsonb_build_object('seq', s.log_seq, 'lines', s.log_lines, 'bytes', s.log_bytes - s.log_truncated_bytes) AS log
    FROM snapshots s JOIN profiles p ON p.id = s.profile_id JOIN versions v ON v.id = s.version_id
      LEFT JOIN snapshots b ON b.id = s.built_on_id
    WHERE s.id = ${claim.snapshotId}::uuid`;
  if (!row) throw new Error(`the snapshot ${claim.snapshotId} is gone`);
  const { slug, ...rest } = row;
  return { claim, ...rest, profile: { slug }, progress: await readProgress(claim, tx) };
}

/** @returns null for a spec that can't be read: the snapshot has ended then. */
export async function withSpec(claimed: Unread): Promise<ClaimedSnapshot | null> {
  const spec = specSchema.safeParse(claimed.spec);
  if (spec.success) return { ...claimed, spec: spec.data };
  const wrong = spec.error.issues
    .map((issue) => `${issue.path.join(".") || "all of it"}: ${issue.message}`)
    .join("; ");
  const message = `This release of Kiln can't read the version's configuration (${wrong}).`;
  await endSnapshot(
    { claim: claimed.claim },
    { status: "failed", failure: { code: "plan_failed", message, step: null, exitCode: null } },
    [message],
  );
  return null;
}

/**
 * One beat for the builds that a worker has at work. Not for all that the rows give it: a build whose end it
 * couldn't write down has to be found.
 * @returns those that are still its own, and which of them are to be cancelled.
 */
export async function renewLeases(
  workerId: string,
  snapshotIds: readonly string[],
): Promise<Array<{ id: string; fence: number; cancelRequestedBy: string | null }>> {
  return db().$queryRaw`
    UPDATE snapshots SET lease_until = now() + make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)
    WHERE id = ANY(${snapshotIds}::uuid[]) AND worker_id = ${workerId}::uuid AND status = 'running'
    RETURNING id, fence, cancel_requested_by AS "cancelRequestedBy"`;
}

/** Is this still the claim under which the snapshot is being built? */
export async function claimHolds({ snapshotId, fence, workerId }: Claim): Promise<boolean> {
  return (await db().snapshot.count({ where: { id: snapshotId, fence, workerId, status: "running" } })) === 1;
}

/**
 * What the row says of this claim's build, for whoever lost the answer to a write, or may have missed a
 * cancellation. @returns null when it is somebody else's now.
 */
export async function readClaim({
  snapshotId,
  fence,
  workerId,
}: Claim): Promise<{ status: SnapshotStatus; cancelRequestedBy: string | null } | null> {
  return db().snapshot.findFirst({
    where: { id: snapshotId, fence, workerId },
    select: { status: true, cancelRequestedBy: true },
  });
}
