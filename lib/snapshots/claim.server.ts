/**
 * I3, I4: the row decides who builds. A claim is one guarded update; from then on attempt and worker are the
 * fencing token that every write of the build carries. Only the database's clock counts.
 */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { endSnapshot } from "./finish.server";
import type { Claim } from "./log-store.server";
import { type SnapshotStatus, sourcesOf } from "./state";

export interface ClaimedSnapshot {
  claim: Claim;
  number: number;
  profile: { slug: string };
  /** Null for a draft that is being tried. */
  version: number | null;
  spec: Spec;
  /** Where the log goes on. */
  log: { seq: number; lines: number };
}

/**
 * @returns null when there is nothing to build: it is not queued any more, so a duplicate delivery goes away;
 * or its spec can't be read, which ends it here and now (F24).
 */
export async function claimSnapshot(
  snapshotId: string,
  worker: { id: string; hostId: string },
): Promise<ClaimedSnapshot | null> {
  const claimed = await claimRow(snapshotId, worker);
  if (!claimed) return null;
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

async function claimRow(snapshotId: string, worker: { id: string; hostId: string }) {
  return db().$transaction(async (tx) => {
    const claimed = await tx.$queryRaw<Array<{ attempt: number; log_seq: number; log_lines: number }>>`
      UPDATE snapshots
      SET status = 'running', attempt = attempt + 1, worker_id = ${worker.id}::uuid, host_id = ${worker.hostId}::uuid,
          started_at = now(), lease_until = now() + make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8), container_id = NULL, waiting_reason = NULL
      WHERE id = ${snapshotId}::uuid AND status = ANY(${sourcesOf("running")}::"SnapshotStatus"[])
      RETURNING attempt, log_seq, log_lines`;
    const [row] = claimed;
    if (!row) return null;
    const snapshot = await tx.snapshot.findUniqueOrThrow({
      where: { id: snapshotId },
      select: {
        number: true,
        profile: { select: { slug: true } },
        version: { select: { number: true, spec: true } },
      },
    });
    return {
      claim: { snapshotId, workerId: worker.id, attempt: row.attempt },
      number: snapshot.number,
      profile: snapshot.profile,
      version: snapshot.version.number,
      spec: snapshot.version.spec,
      log: { seq: row.log_seq, lines: row.log_lines },
    };
  });
}

/**
 * One beat for the builds that a worker has at work. Not for all that the rows give it: a build whose end it
 * couldn't write down has to be found.
 * @returns those that are still its own, and which of them are to be cancelled.
 */
export async function renewLeases(
  workerId: string,
  snapshotIds: readonly string[],
): Promise<Array<{ id: string; attempt: number; cancelRequestedBy: string | null }>> {
  return db().$queryRaw`
    UPDATE snapshots SET lease_until = now() + make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)
    WHERE id = ANY(${snapshotIds}::uuid[]) AND worker_id = ${workerId}::uuid AND status = 'running'
    RETURNING id, attempt, cancel_requested_by AS "cancelRequestedBy"`;
}

/** Is this still the claim under which the snapshot is being built? */
export async function claimHolds({ snapshotId, attempt, workerId }: Claim): Promise<boolean> {
  return (
    (await db().snapshot.count({ where: { id: snapshotId, attempt, workerId, status: "running" } })) === 1
  );
}

/**
 * What the row says of this claim's build, for whoever lost the answer to a write, or may have missed a
 * cancellation. @returns null when it is somebody else's now.
 */
export async function readClaim({
  snapshotId,
  attempt,
  workerId,
}: Claim): Promise<{ status: SnapshotStatus; cancelRequestedBy: string | null } | null> {
  return db().snapshot.findFirst({
    where: { id: snapshotId, attempt, workerId },
    select: { status: true, cancelRequestedBy: true },
  });
}
