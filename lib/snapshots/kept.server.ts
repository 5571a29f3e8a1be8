/** The container that a failed build left: commands in it, and letting it go before its time. */
import { recordAudit } from "@/lib/audit/record.server";
import { type Place, runCommand } from "@/lib/commands/run.server";
import type { ExecAnswer, ExecRequest } from "@/lib/commands/wire";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { sweepHost } from "@/lib/sweeps/request.server";
import type { Actor } from "@/lib/users/roles";
import { getSnapshot } from "./store.server";
import type { SnapshotWire } from "./wire";

/** @throws AppError 404; 409 `not_kept`; what `runCommand` throws. */
export async function execInKept(actor: Actor, id: string, request: ExecRequest): Promise<ExecAnswer> {
  return runCommand(actor, await keptPlace(id), request);
}

/** Where it is. @throws AppError 404; 409 `not_kept`. */
export async function keptPlace(id: string): Promise<Place> {
  const snapshot = await getSnapshot(id);
  const [row] = await db().$queryRaw<Array<{ hostId: string }>>`
    SELECT host_id AS "hostId" FROM snapshots
    WHERE id = ${id}::uuid AND kept_container_id IS NOT NULL AND kept_until > now() AND host_id IS NOT NULL`;
  if (!row) throw notKept(snapshot);
  return { kind: "snapshot", id, hostId: row.hostId };
}

/**
 * Its time is up now. A sweep of its host, which is told at once, removes it.
 * @throws AppError 404; 409 `not_kept`.
 */
export async function releaseKept(actor: Actor, id: string): Promise<SnapshotWire> {
  const before = await getSnapshot(id);
  return db().$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Array<{ hostId: string }>>`
      UPDATE snapshots SET kept_until = now()
      WHERE id = ${id}::uuid AND kept_container_id IS NOT NULL AND kept_until > now() AND host_id IS NOT NULL
      RETURNING host_id AS "hostId"`;
    if (!row) throw notKept(before);
    await recordAudit(tx, actor, "snapshot.release", { kind: "snapshot", id }, { number: before.number });
    await sweepHost(tx, row.hostId, actor.name);
    return getSnapshot(id, tx);
  });
}

function notKept({ number, kept, keepOnFailure }: SnapshotWire): AppError {
  const why = kept
    ? "its time is over, and it is removed"
    : keepOnFailure
      ? "it is kept when a step fails that ran in one"
      : "nobody asked for that. Ask with keepOnFailure: true";
  return new AppError(409, "not_kept", `There is no container of snapshot #${number}: ${why}.`);
}
