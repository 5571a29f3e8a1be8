/** Rolling back and forward: an operator makes another ready snapshot the serving one, and says why. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { getSnapshot } from "./store.server";
import type { SnapshotWire } from "./wire";

/**
 * @throws AppError 404; 409 `snapshot_not_ready`, `snapshot_is_try`, `snapshot_removed` or `already_serving` when there is nothing
 * to start sessions from, or nothing to change.
 */
export async function serveSnapshot(actor: Actor, id: string, reason: string): Promise<SnapshotWire> {
  await getSnapshot(id);
  return db().$transaction(async (tx) => {
    // Shared with sessions that start from it, but not with its removal: one of the two sees the other. Before
    // the version, as a promotion locks them.
    await tx.$queryRaw`SELECT id FROM snapshots WHERE id = ${id}::uuid FOR SHARE`;
    const [moved] = await tx.$queryRaw<Array<{ version: string; before: number | null }>>`
      UPDATE versions v SET serving_snapshot_id = s.id, serving_by = ${actor.name}, serving_reason = ${reason}
      FROM snapshots s LEFT JOIN versions current ON current.id = s.version_id LEFT JOIN snapshots serving ON serving.id = current.serving_snapshot_id
      WHERE s.id = ${id}::uuid AND v.id = s.version_id AND s.status = 'ready' AND s.image_id IS NOT NULL
        AND v.serving_snapshot_id IS DISTINCT FROM s.id
      RETURNING v.id AS version, serving.number AS before`;
    const now = await getSnapshot(id, tx);
    if (!moved) throw refusal(now);
    await recordAudit(
      tx,
      actor,
      "snapshot.serve",
      { kind: "snapshot", id },
      { number: now.number, before: moved.before, reason },
    );
    return now;
  });
}

function refusal({ number, status, serving, version }: SnapshotWire): AppError {
  if (version === null)
    return new AppError(
      409,
      "snapshot_is_try",
      `Snapshot #${number} is a try of a draft, which keeps no image. Publish the draft.`,
    );
  if (serving) return new AppError(409, "already_serving", `Snapshot #${number} is the serving one already.`);
  if (status === "removed" || status === "ready")
    return new AppError(
      409,
      "snapshot_removed",
      `The image of snapshot #${number} was removed. Choose another one, or refresh the version.`,
    );
  return new AppError(
    409,
    "snapshot_not_ready",
    `Snapshot #${number} can't serve: it is ${status}. Choose one that is ready.`,
  );
}
