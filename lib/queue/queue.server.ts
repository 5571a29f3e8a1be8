/** The queue as people see it: what runs, what waits, in which order and for what; and what goes before all others. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { raiseBuild, waitingBuilds } from "@/lib/jobs/order.server";
import { getBackground } from "@/lib/schedules/background.server";
import { NEXT, PEOPLE } from "@/lib/snapshots/lanes";
import { getSnapshot, snapshotInclude, toSnapshotWire } from "@/lib/snapshots/store.server";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import type { Actor } from "@/lib/users/roles";
import type { Lane, QueueWire } from "./wire";

/** More are counted, and not shown. */
const SHOWN = 100;

export async function listQueue(): Promise<QueueWire> {
  const tx = db();
  const [rows, order, background, total] = await Promise.all([
    tx.snapshot.findMany({
      where: { status: "running" },
      include: snapshotInclude,
      orderBy: { startedAt: "asc" },
      take: SHOWN,
    }),
    waitingBuilds(tx, SHOWN),
    getBackground(tx),
    tx.snapshot.count({ where: { status: "queued" } }),
  ]);
  const queued = await tx.snapshot.findMany({
    where: { status: "queued", id: { in: order.map(({ snapshotId }) => snapshotId) } },
    include: snapshotInclude,
  });
  const byId = new Map(queued.map((row) => [row.id, toSnapshotWire(row)]));
  const waiting = order.flatMap(({ snapshotId, priority }) => {
    const snapshot = byId.get(snapshotId);
    // Twice in the queue after a recovery, it is once in the list.
    byId.delete(snapshotId);
    return snapshot ? [{ snapshot, lane: laneOf(priority) }] : [];
  });
  return { running: rows.map(toSnapshotWire), waiting, total, background };
}

function laneOf(priority: number): Lane {
  if (priority >= NEXT) return "next";
  return priority < PEOPLE ? "machines" : "people";
}

/** Puts a build that waits before all others. @throws AppError 404; 409 `not_queued`. */
export async function runNext(actor: Actor, id: string): Promise<SnapshotWire> {
  return db().$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Array<{ number: number; status: string }>>`
      SELECT number, status::text AS status FROM snapshots WHERE id = ${id}::uuid FOR UPDATE`;
    const snapshot = await getSnapshot(id, tx);
    if (row?.status !== "queued")
      throw new AppError(
        409,
        "not_queued",
        `Snapshot #${snapshot.number} doesn’t wait: it is ${snapshot.status}.`,
      );
    await raiseBuild(tx, id, NEXT);
    await recordAudit(tx, actor, "snapshot.run_next", { kind: "snapshot", id }, { number: row.number });
    return snapshot;
  });
}
