/** Stops and deletes sessions: the row moves first, a worker on its host does the rest. */
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { enqueueSession } from "@/lib/jobs/boss.server";
import type { Actor } from "@/lib/users/roles";
import { sourcesOf } from "./state";
import { getSession } from "./store.server";
import type { SessionWire } from "./wire";

/** @throws AppError 404; 409 `not_running` when it has ended. Stopping one that stops already is fine. */
export async function stopSession(actor: Actor, id: string): Promise<SessionWire> {
  const session = await getSession(id);
  return db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("stopping") } },
      data: { status: "stopping" },
    });
    const now = await getSession(id, tx);
    if (count === 0) {
      if (now.status === "stopping") return now;
      throw new AppError(
        409,
        "not_running",
        `The session ${session.name} isn't running: it is ${now.status}.`,
      );
    }
    await recordAudit(tx, actor, "session.stop", { kind: "session", id });
    await wakeWorker(tx, id);
    return now;
  });
}

/** Its container is removed by the worker. @throws AppError 404 when it is gone already. */
export async function deleteSession(actor: Actor, id: string): Promise<void> {
  await getSession(id);
  await db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("deleted") } },
      data: { status: "deleted", stoppedAt: new Date() },
    });
    if (count === 0) return;
    await recordAudit(tx, actor, "session.delete", { kind: "session", id });
    await wakeWorker(tx, id);
  });
}

async function wakeWorker(tx: Tx, id: string): Promise<void> {
  const { hostId } = await tx.session.findUniqueOrThrow({ where: { id }, select: { hostId: true } });
  await enqueueSession(tx, hostId, { sessionId: id });
}
