/** Cancelling: a queued snapshot ends at once; a running one is asked, and its worker enforces it. Two facts, both kept. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { endSnapshotIn } from "./finish.server";
import { getSnapshot } from "./store.server";
import type { SnapshotWire } from "./wire";

/** @throws AppError 404; 409 `already_ended` when there is nothing left to cancel. */
export async function cancelSnapshot(actor: Actor, id: string): Promise<SnapshotWire> {
  const before = await getSnapshot(id);
  return db().$transaction(async (tx) => {
    // Queued may become running, and running queued again, between two looks: so each is tried by its own guard.
    for (let tries = 0; tries < 3; tries += 1) {
      // By the database's clock, which also says when it was enforced.
      const count = await tx.$executeRaw`
        UPDATE snapshots SET cancel_requested_at = now(), cancel_requested_by = ${actor.name}
        WHERE id = ${id}::uuid AND status IN ('queued', 'running') AND cancel_requested_at IS NULL`;
      const now = await tx.snapshot.findUniqueOrThrow({
        where: { id },
        select: { status: true, fence: true },
      });
      if (count === 1)
        await recordAudit(tx, actor, "snapshot.cancel", { kind: "snapshot", id }, { number: before.number });
      if (now.status === "queued") {
        const right = { snapshotId: id, from: "queued" as const, fence: now.fence };
        if (
          await endSnapshotIn(tx, right, { status: "cancelled", by: actor.name, enforced: true }, [
            `Cancelled by ${actor.name} before it was picked up`,
          ])
        )
          return getSnapshot(id, tx);
        continue;
      }
      if (now.status === "running") return getSnapshot(id, tx);
      throw new AppError(409, "already_ended", `Snapshot #${before.number} has ended: it is ${now.status}.`);
    }
    throw new AppError(503, "busy", "The snapshot is changing too fast. Try again.");
  });
}
