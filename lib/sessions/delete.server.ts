/** Deletes a session for good. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import type { Actor } from "@/lib/users/roles";
import { sourcesOf } from "./state";
import { getSession } from "./store.server";
import { wakeWorker } from "./wake.server";

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
