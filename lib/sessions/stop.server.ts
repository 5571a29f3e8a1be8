/** Stops a session and keeps it: the row moves first, a worker on its host does the rest. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { sourcesOf } from "./state";
import { getSession } from "./store.server";
import { wakeWorker } from "./wake.server";
import type { SessionWire } from "./wire";

/** @throws AppError 404; 409 `not_running` when it has ended. Stopping one that stops already is fine. */
export async function stopSession(actor: Actor, id: string): Promise<SessionWire> {
  const session = await getSession(id);
  return db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("stopping") } },
      // The snapshot that it was to be moved to may go.
      data: { status: "stopping", stopReason: null, movingToId: null },
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
