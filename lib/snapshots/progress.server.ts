/** What a running build writes down on its way: each one a single statement, guarded by the claim (I4). */
import { db } from "@/lib/db/client.server";
import type { Claim } from "./log-store.server";
import type { StepName } from "./steps";
import type { StepStatus } from "./wire";

const guard = (claim: Claim) => ({
  workerId: claim.workerId,
  attempt: claim.attempt,
  status: "running" as const,
});

/** Moves one step. @returns false when the claim is no longer valid. */
export async function moveStep(
  claim: Claim,
  name: StepName,
  status: StepStatus,
  firstLine: number | null = null,
): Promise<boolean> {
  const moved = await db().$executeRaw`
    UPDATE snapshot_steps step SET
      status = ${status}::"StepStatus",
      started_at = CASE WHEN ${status} = 'running' THEN now() ELSE step.started_at END,
      finished_at = CASE WHEN ${status} IN ('done', 'failed') THEN now() ELSE NULL END,
      first_line = COALESCE(${firstLine}::int, step.first_line)
    FROM snapshots s
    WHERE step.snapshot_id = ${claim.snapshotId}::uuid AND step.name = ${name} AND s.id = step.snapshot_id
      AND s.worker_id = ${claim.workerId}::uuid AND s.attempt = ${claim.attempt} AND s.status = 'running'`;
  return moved === 1;
}

/** The base image as it was resolved: pinned by its id for the whole build. */
export async function recordBaseImage(
  claim: Claim,
  image: { id: string; digest: string | null },
): Promise<boolean> {
  const { count } = await db().snapshot.updateMany({
    where: { id: claim.snapshotId, ...guard(claim) },
    data: { baseImageId: image.id, baseImageDigest: image.digest },
  });
  return count === 1;
}

export async function recordContainer(claim: Claim, containerId: string): Promise<boolean> {
  const { count } = await db().snapshot.updateMany({
    where: { id: claim.snapshotId, ...guard(claim) },
    data: { containerId },
  });
  return count === 1;
}

/** I5: stored the moment capture returns, before anything is torn down. */
export async function recordImage(
  claim: Claim,
  image: { id: string; reference: string; sizeBytes: number },
): Promise<boolean> {
  const { count } = await db().snapshot.updateMany({
    where: { id: claim.snapshotId, ...guard(claim) },
    data: { imageId: image.id, imageReference: image.reference, imageSizeBytes: BigInt(image.sizeBytes) },
  });
  return count === 1;
}

/**
 * Lets go of the image of a build that didn't become ready.
 * @returns whether its claimant may delete it: false while the row names it. So an image survives a promotion
 * whose answer was lost (F15).
 */
export async function disownImage(claim: Claim, imageId: string): Promise<boolean> {
  await db().snapshot.updateMany({
    where: { id: claim.snapshotId, attempt: claim.attempt, imageId, status: { in: ["failed", "cancelled"] } },
    data: { imageId: null, imageReference: null, imageSizeBytes: null },
  });
  return (await db().snapshot.count({ where: { id: claim.snapshotId, imageId } })) === 0;
}
