/**
 * What happens to builds whose worker is gone. A lease that ran out means that nobody works on it: it is run
 * again once as a new attempt, then given up. Workers that leave in order hand their builds back, which isn't
 * counted against them.
 */
import { db, type Tx } from "@/lib/db/client.server";
import { enqueueBuild, resendBuild } from "@/lib/jobs/boss.server";
import { endSnapshotIn } from "./finish.server";
import { appendSystemLines, type Claim } from "./log-store.server";

const MAX_LOSSES = 1;
/** A bound on hand-backs too, so that a build that outlives every deployment ends in the end. */
const MAX_ATTEMPTS = 10;

interface Lost {
  id: string;
  attempt: number;
  losses: number;
  worker: string;
  cancelRequestedBy: string | null;
}

/**
 * Finds running snapshots whose lease has run out, and queued ones that no job will deliver.
 * Any number of workers may scan at once: each row is settled under its lock.
 * @returns how many were settled.
 */
export async function recoverLostSnapshots(): Promise<number> {
  return db().$transaction(async (tx) => {
    const lost = await tx.$queryRaw<Lost[]>`
      SELECT s.id, s.attempt, s.losses, w.name AS worker, s.cancel_requested_by AS "cancelRequestedBy"
      FROM snapshots s JOIN workers w ON w.id = s.worker_id
      WHERE s.status = 'running' AND s.lease_until < now()
      ORDER BY s.id LIMIT 20 FOR UPDATE OF s SKIP LOCKED`;
    for (const snapshot of lost) await settleLost(tx, snapshot);
    // Queued for a while, and its job may have been lost with its worker.
    const stale = await tx.$queryRaw<Array<{ id: string; attempt: number }>>`
      SELECT id, attempt FROM snapshots WHERE status = 'queued' AND queued_at < now() - interval '10 seconds'
      ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`;
    for (const { id, attempt } of stale) await resendBuild(tx, { snapshotId: id }, attempt);
    return lost.length;
  });
}

async function settleLost(tx: Tx, lost: Lost): Promise<void> {
  const right = { snapshotId: lost.id, from: "running" as const, attempt: lost.attempt };
  if (lost.cancelRequestedBy) {
    await endSnapshotIn(tx, right, { status: "cancelled", by: lost.cancelRequestedBy }, [
      `Cancelled by ${lost.cancelRequestedBy}; its worker ${lost.worker} was gone`,
    ]);
    return;
  }
  if (lost.losses >= MAX_LOSSES || lost.attempt >= MAX_ATTEMPTS) {
    const message = `The worker ${lost.worker} stopped answering, for the ${lost.losses + 1}. time in this snapshot.`;
    const failure = { code: "worker_lost" as const, message, step: null, exitCode: null };
    await endSnapshotIn(tx, right, { status: "failed", failure }, [message]);
    return;
  }
  await requeue(tx, lost.id, lost.attempt, 1, [
    "",
    `──── Attempt ${lost.attempt} was lost: the worker ${lost.worker} stopped answering. Starting again from the base image. ────`,
  ]);
}

/** A worker that leaves gives a running build back. @returns false when the claim was no longer valid. */
export async function handBack(claim: Claim, workerName: string): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const held = await tx.$queryRaw<Array<{ id: string; cancelRequestedBy: string | null }>>`
      SELECT id, cancel_requested_by AS "cancelRequestedBy" FROM snapshots
      WHERE id = ${claim.snapshotId}::uuid AND worker_id = ${claim.workerId}::uuid AND attempt = ${claim.attempt} AND status = 'running' FOR UPDATE`;
    const [row] = held;
    if (!row) return false;
    if (row.cancelRequestedBy)
      return endSnapshotIn(tx, { claim }, { status: "cancelled", by: row.cancelRequestedBy }, [
        `Cancelled by ${row.cancelRequestedBy}`,
      ]);
    if (claim.attempt >= MAX_ATTEMPTS) {
      const message = `${MAX_ATTEMPTS} workers in turn were stopped before this snapshot was done.`;
      return endSnapshotIn(
        tx,
        { claim },
        { status: "failed", failure: { code: "worker_lost", message, step: null, exitCode: null } },
        [message],
      );
    }
    await requeue(tx, claim.snapshotId, claim.attempt, 0, [
      "",
      `──── Attempt ${claim.attempt} was handed back: the worker ${workerName} is shutting down. The next worker starts again from the base image. ────`,
    ]);
    return true;
  });
}

async function requeue(tx: Tx, id: string, attempt: number, losses: number, words: string[]): Promise<void> {
  const { count } = await tx.snapshot.updateMany({
    where: { id, attempt, status: "running" },
    data: {
      status: "queued",
      leaseUntil: null,
      workerId: null,
      losses: { increment: losses },
      imageId: null,
      imageReference: null,
      imageSizeBytes: null,
    },
  });
  if (count === 0) return;
  await tx.snapshotStep.updateMany({
    where: { snapshotId: id },
    data: { status: "pending", startedAt: null, finishedAt: null, firstLine: null },
  });
  await appendSystemLines(tx, id, words);
  await enqueueBuild(tx, { snapshotId: id }, attempt);
}
