/** What a running build writes down on its way: each one a single statement, guarded by the claim (I4). */
import { db, type Tx } from "@/lib/db/client.server";
import { decodeLines } from "@/lib/logs/chunk";
import type { Claim } from "./log-store.server";
import type { StepName } from "./steps";
import type { StepStatus } from "./wire";

const guard = (claim: Claim) => ({
  workerId: claim.workerId,
  fence: claim.fence,
  status: "running" as const,
});

export interface StepProgress {
  name: string;
  status: StepStatus;
  /** Where it runs, or ran, in this attempt. */
  containerId: string | null;
  /** What it left, for the next one to start from. */
  layerId: string | null;
  /** How long it has been running, or ran, by the database's clock. */
  elapsedMs: number;
}

/** What is done of a build: all that whoever goes on with it needs. */
export interface BuildProgress {
  baseImageId: string | null;
  image: { id: string; reference: string; sizeBytes: number } | null;
  steps: StepProgress[];
}

export async function readProgress({ snapshotId }: Claim, tx: Tx = db()): Promise<BuildProgress> {
  const [progress] = await tx.$queryRaw<BuildProgress[]>`
    SELECT s.base_image_id AS "baseImageId",
      CASE WHEN s.image_id IS NOT NULL THEN jsonb_build_object('id', s.image_id, 'reference',
        COALESCE(s.image_reference, ''), 'sizeBytes', COALESCE(s.image_size_bytes, 0)) END AS image,
      COALESCE((SELECT jsonb_agg(jsonb_build_object(
          'name', name, 'status', status, 'containerId', container_id, 'layerId', layer_id,
          'elapsedMs', COALESCE(EXTRACT(EPOCH FROM COALESCE(finished_at, now()) - started_at) * 1000, 0)::float8
        ) ORDER BY position) FROM snapshot_steps WHERE snapshot_id = s.id), '[]') AS steps
    FROM snapshots s WHERE s.id = ${snapshotId}::uuid`;
  if (!progress) throw new Error(`the snapshot ${snapshotId} is gone`);
  return progress;
}

/** What is stored of an output: how many lines of each stream, and the first one, to know it by. */
export type Replay = Record<"stdout" | "stderr", { lines: number; first: string | null }>;

/**
 * How much of what a step's container says is in the log: whoever reads it again from its beginning goes on
 * after that. Counted from the log itself, so it can't be at odds with it.
 */
export async function countStoredOutput(claim: Claim, step: StepName): Promise<Replay> {
  const stored = { snapshotId: claim.snapshotId, attempt: claim.attempt, step };
  const [{ _sum: sum }, { logCutFrom, steps }, older] = await Promise.all([
    db().logChunk.aggregate({ where: stored, _sum: { stdoutLines: true, stderrLines: true } }),
    db().snapshot.findUniqueOrThrow({
      where: { id: claim.snapshotId },
      select: {
        logCutFrom: true,
        steps: { where: { name: step }, select: { cutStdout: true, cutStderr: true } },
      },
    }),
    // Of a worker before this release, which didn't count them.
    db().logChunk.findMany({ where: { ...stored, bytes: null } }),
  ]);
  const uncounted = older.flatMap(decodeLines);
  const linesOf = (stream: "stdout" | "stderr") => uncounted.filter((line) => line.stream === stream).length;
  // What is first behind a cut isn't what was said first.
  const beforeCut = logCutFrom === null ? {} : { firstLine: { lt: logCutFrom } };
  const firstOf = async (stream: "stdout" | "stderr") => {
    const counted = stream === "stdout" ? { stdoutLines: { gt: 0 } } : { stderrLines: { gt: 0 } };
    const chunk = await db().logChunk.findFirst({
      where: { ...stored, ...beforeCut, OR: [counted, { bytes: null }] },
      orderBy: { seq: "asc" },
    });
    return (chunk && decodeLines(chunk).find((line) => line.stream === stream)?.text) ?? null;
  };
  const [stdout, stderr] = await Promise.all([firstOf("stdout"), firstOf("stderr")]);
  const cut = steps[0];
  return {
    stdout: { lines: (sum.stdoutLines ?? 0) + (cut?.cutStdout ?? 0) + linesOf("stdout"), first: stdout },
    stderr: { lines: (sum.stderrLines ?? 0) + (cut?.cutStderr ?? 0) + linesOf("stderr"), first: stderr },
  };
}

export interface StepMove {
  status: StepStatus;
  firstLine?: number;
  layerId?: string;
  reusedFrom?: number;
  /** The profile's name, when that snapshot is another one's. */
  reusedProfile?: string | null;
}

export interface NamedMove extends StepMove {
  name: StepName;
}

/** Moves one step. @returns false when the claim is no longer valid. */
export function moveStep(claim: Claim, name: StepName, move: StepMove): Promise<boolean> {
  return moveSteps(claim, [{ name, ...move }]);
}

/**
 * Moves several at once, such as the one that has ended and the one that begins; each at most once. A step that is done
 * is progress: workers that were lost before it say nothing against the build any more.
 */
export async function moveSteps(claim: Claim, moves: readonly NamedMove[]): Promise<boolean> {
  const done = moves.filter(({ status }) => status === "done").map(({ name }) => name);
  const moved = await db().$executeRaw`
    WITH progress AS (
      UPDATE snapshots s SET takeovers = 0
      WHERE s.id = ${claim.snapshotId}::uuid AND s.worker_id = ${claim.workerId}::uuid AND s.fence = ${claim.fence}
        AND s.status = 'running' AND s.takeovers > 0 AND EXISTS (SELECT 1 FROM snapshot_steps d
          WHERE d.snapshot_id = s.id AND d.name = ANY (${done}::text[]) AND d.status <> 'done'))
    UPDATE snapshot_steps step SET
      status = move.status::"StepStatus",
      started_at = CASE WHEN move.status = 'running' OR step.started_at IS NULL AND move.status = 'done' THEN now() ELSE step.started_at END,
      finished_at = CASE WHEN move.status IN ('done', 'failed') THEN now() ELSE NULL END,
      first_line = COALESCE(move."firstLine", step.first_line),
      layer_id = COALESCE(move."layerId", step.layer_id),
      reused_from = move."reusedFrom",
      reused_profile = move."reusedProfile"
    FROM snapshots s, jsonb_to_recordset(${JSON.stringify(moves)}::jsonb)
      AS move(name text, status text, "firstLine" int, "layerId" text, "reusedFrom" int, "reusedProfile" text)
    WHERE step.snapshot_id = ${claim.snapshotId}::uuid AND step.name = move.name AND s.id = step.snapshot_id
      AND s.worker_id = ${claim.workerId}::uuid AND s.fence = ${claim.fence} AND s.status = 'running'`;
  return moved === moves.length;
}

/** The container of a step, before it is started: whoever goes on with the build looks for it. */
export async function recordContainer(claim: Claim, name: StepName, containerId: string): Promise<boolean> {
  const recorded = await db().$executeRaw`
    UPDATE snapshot_steps step SET container_id = ${containerId} FROM snapshots s
    WHERE step.snapshot_id = ${claim.snapshotId}::uuid AND step.name = ${name} AND s.id = step.snapshot_id
      AND s.worker_id = ${claim.workerId}::uuid AND s.fence = ${claim.fence} AND s.status = 'running'`;
  return recorded === 1;
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

/** How often a build is begun again when what it ran in is gone. */
const MAX_LOSSES = 2;

/**
 * What a step ran in, or left, is gone through no fault of its own: it begins again as a new attempt. What is
 * done before it stays done. @param lost the step that has to be done again; null for all of them
 * @returns the new attempt's number; null when there were too many, or the claim is lost.
 */
export async function beginAgain(claim: Claim, lost: StepName | null): Promise<number | null> {
  const begun = await db().$executeRaw`
    WITH begun AS (
      UPDATE snapshots SET attempt = ${claim.attempt} + 1, losses = losses + 1, image_id = NULL, image_reference = NULL, image_size_bytes = NULL
      WHERE id = ${claim.snapshotId}::uuid AND worker_id = ${claim.workerId}::uuid AND fence = ${claim.fence}
        AND status = 'running' AND attempt = ${claim.attempt} AND losses < ${MAX_LOSSES}
      RETURNING id
    )
    UPDATE snapshot_steps SET status = 'pending', started_at = NULL, finished_at = NULL, container_id = NULL, layer_id = NULL, reused_from = NULL, reused_profile = NULL, cut_stdout = 0, cut_stderr = 0
    FROM begun WHERE snapshot_id = begun.id AND (status = 'running' OR name = ${lost} OR ${lost}::text IS NULL)`;
  if (begun > 0) return claim.attempt + 1;
  // Safe to repeat: the answer of the first try may be what was lost (F15).
  const next = { id: claim.snapshotId, ...guard(claim), attempt: claim.attempt + 1 };
  return (await db().snapshot.count({ where: next })) === 1 ? next.attempt : null;
}

/**
 * Lets go of the image of a build that didn't become ready.
 * @returns whether its claimant may delete it: false while a row names it. So an image survives a promotion
 * whose answer was lost (F15), and one that several snapshots share.
 */
export async function disownImage(claim: Claim, imageId: string): Promise<boolean> {
  await db().snapshot.updateMany({
    where: { id: claim.snapshotId, fence: claim.fence, imageId, status: { in: ["failed", "cancelled"] } },
    data: { imageId: null, imageReference: null, imageSizeBytes: null },
  });
  return (await db().snapshot.count({ where: { imageId } })) === 0;
}
