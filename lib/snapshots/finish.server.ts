/**
 * I7: every ending goes through here. I6: only success moves the serving pointer, in the transaction that
 * makes the snapshot ready, and never back to an older snapshot than the one that serves, nor away from a pinned one.
 */
import { recordAudit } from "@/lib/audit/record.server";
import { emitEnding } from "@/lib/channels/emit.server";
import { db, type Tx } from "@/lib/db/client.server";
import { systemActor } from "@/lib/users/roles";
import { adviceFor } from "./advice";
import type { Failure } from "./failure";
import { type Kept, recordKept } from "./kept-record.server";
import { appendSystemLines, type Claim, readLastOutput } from "./log-store.server";
import type { ReadyOutcome } from "./ready-words";
import { type SnapshotStatus, sourcesOf } from "./state";
import { letGoOfTry } from "./tries.server";

export type Ending =
  /** `words`: what the log says of what has become of it, which is known only when it has. */
  | { status: "ready"; words?: (outcome: ReadyOutcome) => string }
  | { status: "failed"; failure: Failure; kept?: Kept }
  /** `enforced`: nothing of it runs any more. A sweep finds that out where the one who ends it can't tell. */
  | { status: "cancelled"; by: string; enforced?: boolean };

/** Who ends it: the build that holds the claim, or the state in which recovery found it. */
export type EndingRight = { claim: Claim } | { snapshotId: string; from: SnapshotStatus; fence: number };

/**
 * Ends a snapshot, once. A build that was asked to cancel can't become ready any more: the request and the
 * success are settled by the row, not by who was faster in the process (F08).
 * @param lastWords system lines that close the log.
 * @returns false when somebody else ended it, or the claim is lost; nothing was written then.
 */
export async function endSnapshot(right: EndingRight, ending: Ending, lastWords: string[]): Promise<boolean> {
  return db().$transaction((tx) => endSnapshotIn(tx, right, ending, lastWords));
}

export async function endSnapshotIn(
  tx: Tx,
  right: EndingRight,
  ending: Ending,
  lastWords: string[],
): Promise<boolean> {
  const id = "claim" in right ? right.claim.snapshotId : right.snapshotId;
  const { count } = await tx.snapshot.updateMany({
    where: {
      id,
      ...("claim" in right
        ? {
            workerId: right.claim.workerId,
            fence: right.claim.fence,
            status: { in: sourcesOf(ending.status).filter((from) => from === "running") },
          }
        : {
            fence: right.fence,
            status: { in: sourcesOf(ending.status).filter((from) => from === right.from) },
          }),
      ...(ending.status === "ready" ? { cancelRequestedAt: null, imageId: { not: null } } : {}),
    },
    data: {
      status: ending.status,
      leaseUntil: null,
      // What was captured is nobody's then: its worker deletes it, or a sweep does.
      ...(ending.status === "ready" ? {} : { imageId: null, imageReference: null, imageSizeBytes: null }),
      ...(ending.status === "failed"
        ? {
            failureCode: ending.failure.code,
            failureMessage: ending.failure.message,
            failureStep: ending.failure.step,
            failureExitCode: ending.failure.exitCode,
            failureHint: await hintOf(tx, id, ending.failure),
          }
        : {}),
    },
  });
  if (count === 0) return false;
  const enforced = ending.status === "cancelled" && ending.enforced === true;
  await tx.$executeRaw`
    UPDATE snapshots SET finished_at = now(), cancel_enforced_at = CASE WHEN ${enforced} THEN now() END
    WHERE id = ${id}::uuid`;
  if (ending.status === "failed" && ending.kept) await recordKept(tx, id, ending.kept);
  await settleSteps(tx, id, ending);
  if (ending.status === "ready") {
    const outcome = await bringIn(tx, id);
    if (ending.words) await appendSystemLines(tx, id, [ending.words(outcome)], "promote");
  }
  await appendSystemLines(tx, id, lastWords);
  await recordAudit(
    tx,
    systemActor,
    `snapshot.${ending.status}`,
    { kind: "snapshot", id },
    ending.status === "failed" ? { code: ending.failure.code } : {},
  );
  if (ending.status !== "cancelled") await emitEnding(tx, id, ending.status);
  return true;
}

/** The failure's own sentence is its very last line: an engine's answer is in no log. */
async function hintOf(tx: Tx, id: string, { code, step, message }: Failure): Promise<string> {
  const lines = step === null ? [] : await readLastOutput(tx, id, step);
  const tries = await tx.snapshot.count({ where: { id, trigger: "try" } });
  return adviceFor(code, [message, ...lines], tries === 1);
}

async function settleSteps(tx: Tx, id: string, ending: Ending): Promise<void> {
  const open = ending.status === "ready" ? "done" : "failed";
  await tx.$executeRaw`
    UPDATE snapshot_steps SET
      status = CASE WHEN status = 'running' THEN ${open}::"StepStatus" ELSE 'skipped' END,
      finished_at = CASE WHEN status = 'running' THEN now() ELSE NULL END
    WHERE snapshot_id = ${id}::uuid AND status IN ('pending', 'running')`;
}

/** What a build that worked is there for. */
async function bringIn(tx: Tx, id: string): Promise<ReadyOutcome> {
  return (await letGoOfTry(tx, id)) ? "tried" : promote(tx, id);
}

/**
 * Serving moves forward only; an older attempt that ends late leaves the newer one in service. A pinned version
 * stays where it is. The lock comes first, so that the guard sees what an operator chose at the same instant.
 */
async function promote(tx: Tx, id: string): Promise<ReadyOutcome> {
  const [version] = await tx.$queryRaw<Array<{ pinned: boolean }>>`
    SELECT v.pinned FROM versions v JOIN snapshots s ON s.version_id = v.id WHERE s.id = ${id}::uuid FOR NO KEY UPDATE OF v`;
  const moved = await tx.$executeRaw`
    UPDATE versions v SET serving_snapshot_id = s.id, serving_by = NULL, serving_reason = NULL
    FROM snapshots s LEFT JOIN versions current ON current.id = s.version_id LEFT JOIN snapshots serving ON serving.id = current.serving_snapshot_id
    WHERE s.id = ${id}::uuid AND v.id = s.version_id AND v.state = 'published'
      AND (serving.id IS NULL OR (NOT v.pinned AND serving.number < s.number))`;
  if (moved === 1) return "serves";
  return version?.pinned ? "pinned" : "superseded";
}
