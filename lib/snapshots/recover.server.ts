/**
 * What happens to builds that nobody of their own host can go on with: no worker is left there. They begin again
 * on another host as a new attempt, and are given up in the end. A host that has a worker takes over its own
 * (take-over.server.ts).
 */
import { db, type Tx } from "@/lib/db/client.server";
import { enqueueBuild, resendBuild } from "@/lib/jobs/boss.server";
import { endSnapshotIn } from "./finish.server";
import { laneOf, PEOPLE, priorityOf } from "./lanes";
import { appendSystemLines } from "./log-store.server";
import type { Trigger } from "./wire";

const MAX_LOSSES = 2;
/** A worker that is restarted, or replaced, comes back within this. */
const HOST_SECONDS = 120;

interface Lost {
  id: string;
  fence: number;
  attempt: number;
  losses: number;
  host: string;
  cancelRequestedBy: string | null;
}

/**
 * Finds running snapshots whose host has no worker any more, and queued ones that no job will deliver.
 * Any number of workers may scan at once: each row is settled under its lock.
 * @returns how many were settled.
 */
export async function recoverLostSnapshots(hostId: string): Promise<number> {
  return db().$transaction(async (tx) => {
    const lost = await tx.$queryRaw<Lost[]>`
      SELECT s.id, s.fence, s.attempt, s.losses, h.name AS host, s.cancel_requested_by AS "cancelRequestedBy"
      FROM snapshots s JOIN hosts h ON h.id = s.host_id
      WHERE s.status = 'running' AND s.host_id <> ${hostId}::uuid
        AND s.lease_until < now() - make_interval(secs => ${HOST_SECONDS}::int)
        AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.host_id = s.host_id AND w.status <> 'stopped'
          AND w.seen_at > now() - make_interval(secs => ${HOST_SECONDS}::int))
      ORDER BY s.id LIMIT 20 FOR UPDATE OF s SKIP LOCKED`;
    for (const snapshot of lost) await settleLost(tx, snapshot);
    // Queued for a while, and its job may have been lost with its worker.
    const stale = await tx.$queryRaw<Array<{ id: string; fence: number; trigger: Trigger }>>`
      SELECT id, fence, trigger FROM snapshots WHERE status = 'queued' AND queued_at < now() - interval '10 seconds'
      ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`;
    for (const { id, fence, trigger } of stale)
      await resendBuild(tx, { snapshotId: id }, fence, priorityOf(laneOf(trigger), 0));
    return lost.length;
  });
}

async function settleLost(tx: Tx, lost: Lost): Promise<void> {
  const right = { snapshotId: lost.id, from: "running" as const, fence: lost.fence };
  if (lost.cancelRequestedBy) {
    await endSnapshotIn(tx, right, { status: "cancelled", by: lost.cancelRequestedBy }, [
      `Cancelled by ${lost.cancelRequestedBy}; its host ${lost.host} had no worker any more`,
    ]);
    return;
  }
  if (lost.losses >= MAX_LOSSES) {
    const message = `The host ${lost.host} has no worker any more, and it is attempt ${lost.attempt} of this snapshot.`;
    const failure = { code: "worker_lost" as const, message, step: null, exitCode: null };
    await endSnapshotIn(tx, right, { status: "failed", failure }, [message]);
    return;
  }
  await requeue(tx, lost);
}

/** Nothing of an attempt is of use on another host. */
async function requeue(tx: Tx, { id, fence, attempt, host }: Lost): Promise<void> {
  const { count } = await tx.snapshot.updateMany({
    where: { id, fence, status: "running" },
    data: {
      status: "queued",
      leaseUntil: null,
      workerId: null,
      losses: { increment: 1 },
      imageId: null,
      imageReference: null,
      imageSizeBytes: null,
    },
  });
  if (count === 0) return;
  await tx.snapshotStep.updateMany({
    where: { snapshotId: id },
    data: {
      status: "pending",
      startedAt: null,
      finishedAt: null,
      firstLine: null,
      containerId: null,
      layerId: null,
      reusedFrom: null,
      reusedProfile: null,
    },
  });
  await appendSystemLines(tx, id, [
    "",
    `──── Attempt ${attempt} was lost: the host ${host} has no worker any more. Starting again from the base image. ────`,
  ]);
  // It had its turn already.
  await enqueueBuild(tx, { snapshotId: id }, fence, PEOPLE);
}
