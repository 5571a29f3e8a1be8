/** A session that is being started, and whose snapshot's image is gone from its host (F20). */
import { db } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";
import { lossReason } from "@/lib/snapshots/lost-image";
import { activeStatuses } from "@/lib/snapshots/state";

export type Reseat =
  /** It starts from the one that serves now; on another host that one's worker starts it. */
  | { kind: "moved"; hostId: string }
  /** Nothing serves: a sentence for people. */
  | { kind: "nothing"; message: string }
  /** It was stopped, or is another worker's by now. */
  | { kind: "not_ours" };

/**
 * Moves it onto the version's serving snapshot, which is held meanwhile, as at a session's creation: so that it
 * isn't removed in between. Safe to repeat: a move whose answer was lost is found made.
 * @param lost the session, and the snapshot whose image is gone
 * @param by the worker that is starting it
 */
export async function reseatSession(
  { id: sessionId, snapshotId: lost }: { id: string; snapshotId: string },
  by: { id: string; hostId: string },
): Promise<Reseat> {
  return db().$transaction(async (tx) => {
    const [held] = await tx.$queryRaw<Array<{ id: string }>>`
      SELECT s.id FROM snapshots s JOIN versions v ON v.serving_snapshot_id = s.id JOIN sessions t ON t.version_id = v.id
      WHERE t.id = ${sessionId}::uuid AND s.status = 'ready' FOR SHARE OF s`;
    const row = await tx.session.findUnique({
      where: { id: sessionId },
      select: {
        versionId: true,
        persistent: true,
        status: true,
        workerId: true,
        hostId: true,
        snapshot: { select: { id: true, number: true } },
        host: { select: { name: true } },
        version: { select: { servingSnapshot: { select: { id: true, number: true, hostId: true } } } },
      },
    });
    if (!row) return { kind: "not_ours" };
    if (row.snapshot.id !== lost)
      return row.hostId !== by.hostId || (row.status === "starting" && row.workerId === by.id)
        ? { kind: "moved", hostId: row.hostId }
        : { kind: "not_ours" };
    const reason = lossReason(row.snapshot.number, row.host.name);
    const next = row.version.servingSnapshot;
    // Another one serves since the lock, or it is the lost one itself: whoever asks again finds that out.
    if (!held || held.id !== next?.id || !next.hostId || next.id === row.snapshot.id) {
      const active = await tx.snapshot.findFirst({
        where: { versionId: row.versionId, status: { in: activeStatuses } },
        select: { number: true },
      });
      const then = active
        ? `A new snapshot, #${active.number}, is being prepared. Start a session when it is ready.`
        : "Start another session, or refresh the version.";
      return { kind: "nothing", message: `The session couldn't start: ${reason}. ${then}` };
    }
    const elsewhere = next.hostId !== by.hostId;
    if (elsewhere && row.persistent) {
      const then = `#${next.number} is on another host. Its files are here: refresh the version, then resume the session.`;
      return { kind: "nothing", message: `The session couldn't start: ${reason}, and ${then}` };
    }
    const { count } = await tx.session.updateMany({
      where: { id: sessionId, status: "starting", workerId: by.id },
      data: {
        snapshotId: next.id,
        hostId: next.hostId,
        notice: `Started from #${next.number}: ${reason}.`,
        ...(elsewhere ? { status: "queued" as const, workerId: null } : {}),
      },
    });
    if (count === 0) return { kind: "not_ours" };
    if (elsewhere) await enqueueSession(tx, next.hostId, { sessionId });
    return { kind: "moved", hostId: next.hostId };
  });
}
