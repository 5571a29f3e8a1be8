/**
 * A build is not its worker's: the container runs on the engine, and all that is done stands in the rows. A worker
 * that leaves lets go of its builds; one that is lost lets its leases run out. In both cases another one of the
 * same host goes on, as the same attempt, under a fence of its own (F01, F05, F23).
 */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Claimant, type ClaimedSnapshot, readClaimed, withSpec } from "./claim.server";
import { endSnapshotIn } from "./finish.server";
import { appendSystemLines, type Claim } from "./log-store.server";

/** A build that costs one worker after the other its life has to end: so many since its last step was done. */
const MAX_TAKEOVERS = 5;
const AT_ONCE = 20;

/** Which builds of its host a worker may go on with: only those that were let go of, or also those whose worker is lost. */
export type Orphans = "released" | "all";

/**
 * Takes over what nobody of this host works on any more. Each row is taken under its lock, so that of many
 * workers one gets it. @returns what the caller has to go on with.
 */
export async function takeOverBuilds(
  worker: Claimant & { name: string },
  which: Orphans,
): Promise<ClaimedSnapshot[]> {
  const taken = await db().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<
      Array<{ id: string; fence: number; takeovers: number; lost: string | null }>
    >`
      SELECT s.id, s.fence, s.takeovers, w.name AS lost FROM snapshots s LEFT JOIN workers w ON w.id = s.worker_id
      WHERE s.status = 'running' AND s.host_id = ${worker.hostId}::uuid AND s.lease_until < now()
        AND (${which} = 'all' OR s.worker_id IS NULL)
      ORDER BY s.id LIMIT ${AT_ONCE} FOR UPDATE OF s SKIP LOCKED`;
    const claimed = [];
    for (const { id, fence, takeovers, lost } of rows) {
      if (lost !== null && takeovers >= MAX_TAKEOVERS) {
        const message = `Its worker was lost ${takeovers + 1} times within one step, at last ${lost}.`;
        const failure = { code: "worker_lost" as const, message, step: null, exitCode: null };
        await endSnapshotIn(tx, { snapshotId: id, from: "running", fence }, { status: "failed", failure }, [
          message,
        ]);
        continue;
      }
      const [row] = await tx.$queryRaw<Array<{ fence: number; attempt: number }>>`
        UPDATE snapshots SET worker_id = ${worker.id}::uuid, fence = fence + 1, takeovers = takeovers + ${lost === null ? 0 : 1},
          lease_until = now() + make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)
        WHERE id = ${id}::uuid AND status = 'running' RETURNING fence, attempt`;
      if (!row) continue;
      const why = lost === null ? "" : `The worker ${lost} stopped answering. `;
      await appendSystemLines(tx, id, [`──── ${why}${worker.name} goes on with this build. ────`]);
      claimed.push(await readClaimed(tx, { snapshotId: id, workerId: worker.id, ...row }));
    }
    return claimed;
  });
  const readable = await Promise.all(taken.map(withSpec));
  return readable.filter((claimed) => claimed !== null);
}

/**
 * A worker that leaves lets go of a running build: its container goes on, and the next worker follows it.
 * Safe to repeat. @returns false when the claim was no longer valid.
 */
export async function releaseBuild(claim: Claim, workerName: string): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const held = await tx.$executeRaw`
      UPDATE snapshots SET worker_id = NULL, lease_until = now() - interval '1 second'
      WHERE id = ${claim.snapshotId}::uuid AND worker_id = ${claim.workerId}::uuid AND fence = ${claim.fence} AND status = 'running'`;
    if (held === 0) return false;
    await appendSystemLines(tx, claim.snapshotId, [
      `──── The worker ${workerName} is shutting down; the build goes on, and the next worker follows it. ────`,
    ]);
    return true;
  });
}
