/** Deletes a session for good. */

import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { sourcesOf } from "./state";
import { getSession } from "./store.server";
import { wakeWorker } from "./wake.server";

/**
 * Its container and volumes are removed by the worker.
 * @param confirm a persistent session's name, which can't be changed: nobody deletes one by mistake
 * @throws AppError 404 when it is gone already; 409 `confirmation_needed`.
 */
export async function deleteSession(actor: Actor, id: string, confirm?: string): Promise<void> {
  const { persistent, name } = await getSession(id);
  if (persistent && confirm !== name)
    throw new AppError(
      409,
      "confirmation_needed",
      `The session ${name} is persistent, and its files go with it. Give its name to confirm that: ?confirm=${encodeURIComponent(name)}`,
    );
  await db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("deleted") } },
      data: { status: "deleted", stoppedAt: databaseTime() },
    });
    if (count === 0) return;
    await recordAudit(tx, actor, "session.delete", { kind: "session", id });
    await wakeWorker(tx, id);
  });
}
