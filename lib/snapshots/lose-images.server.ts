/**
 * F20: images that somebody deleted from their engine. The one deliberate exception to I6: the serving pointer
 * goes back by itself, since what it named can't start anything any more. See docs/decisions/0012.
 */
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { systemActor } from "@/lib/users/roles";
import { type Aftermath, lossReason, lossSentence, successorOf } from "./lost-image";
import { requestSnapshot } from "./request.server";
import { activeStatuses, canMove, type SnapshotStatus, sourcesOf } from "./state";

/** A ready snapshot and the image that its host should have. */
export interface ReadyImage {
  id: string;
  versionId: string;
  imageId: string;
}

/** @param versionId only of this version */
export async function listReadyImages(hostId: string, versionId?: string): Promise<ReadyImage[]> {
  const rows = await db().snapshot.findMany({
    where: { hostId, status: "ready", imageId: { not: null }, ...(versionId ? { versionId } : {}) },
    select: { id: true, versionId: true, imageId: true },
    orderBy: { id: "asc" },
  });
  return rows.map(({ id, versionId, imageId }) => ({ id, versionId, imageId: imageId ?? "" }));
}

interface Ready {
  id: string;
  number: number;
  imageId: string | null;
}

/**
 * Marks snapshots of one version whose images the engine said it hasn't got. When the serving one is among them,
 * another ready one serves; without one the pointer is cleared and a refresh is queued. Any number of workers may
 * find the same: those that were marked, retired or built anew since count no more.
 * @returns how many were marked.
 */
export async function loseImages(
  hostId: string,
  versionId: string,
  gone: readonly ReadyImage[],
): Promise<number> {
  return db().$transaction(async (tx) => {
    // The profile first, as for requests and starts of sessions; then the snapshots, then the version.
    const [place] = await tx.$queryRaw<Array<{ archived: boolean; host: string }>>`
      SELECT p.archived_at IS NOT NULL AS archived, h.name AS host
      FROM profiles p JOIN versions v ON v.profile_id = p.id JOIN hosts h ON h.id = ${hostId}::uuid
      WHERE v.id = ${versionId}::uuid FOR NO KEY UPDATE OF p`;
    // All of them: one that takes over can't be retired meanwhile, nor rolled back to, nor started from. The active
    // one, too: its end goes on to the version's lock, and a request waits for the end.
    const held = await tx.$queryRaw<Array<Ready & { status: SnapshotStatus }>>`
      SELECT id, number, status::text AS status, image_id AS "imageId" FROM snapshots
      WHERE version_id = ${versionId}::uuid AND status = ANY(${[...sourcesOf("removed"), ...activeStatuses]}::"SnapshotStatus"[])
      ORDER BY id FOR NO KEY UPDATE`;
    const ready = held.filter(({ status, imageId }) => canMove(status, "removed") && imageId !== null);
    const isLost = (one: Ready) => gone.some(({ id, imageId }) => id === one.id && imageId === one.imageId);
    const lost = ready.filter(isLost);
    if (!place || lost.length === 0) return 0;
    const [version] = await tx.$queryRaw<Array<{ serving: string | null }>>`
      SELECT serving_snapshot_id AS serving FROM versions WHERE id = ${versionId}::uuid FOR NO KEY UPDATE`;
    const served = lost.find(({ id }) => id === version?.serving);
    const after = served
      ? await replace(tx, { versionId, ...place, served, left: ready.filter((one) => !isLost(one)) })
      : null;
    for (const { id, number } of lost) {
      const reason = lossSentence(place.host, id === served?.id ? after : null);
      await tx.$executeRaw`
        UPDATE snapshots SET status = 'removed', image_id = NULL, image_reference = NULL, image_size_bytes = NULL,
          lost_at = now(), removed_reason = ${reason}
        WHERE id = ${id}::uuid`;
      await recordAudit(tx, systemActor, "snapshot.image_lost", { kind: "snapshot", id }, { number, reason });
    }
    return lost.length;
  });
}

interface Replacement {
  versionId: string;
  archived: boolean;
  host: string;
  served: Ready;
  left: readonly Ready[];
}

async function replace(tx: Tx, { versionId, archived, host, served, left }: Replacement): Promise<Aftermath> {
  const next = successorOf(served.number, left);
  const reason = lossReason(served.number, host);
  await tx.version.update({
    where: { id: versionId },
    data: { servingSnapshotId: next?.id ?? null, servingBy: systemActor.name, servingReason: reason },
  });
  if (next) {
    await recordAudit(
      tx,
      systemActor,
      "snapshot.serve",
      { kind: "snapshot", id: next.id },
      { number: next.number, before: served.number, reason },
    );
    return { kind: "serves", number: next.number };
  }
  if (archived) return { kind: "archived" };
  const { snapshot, joined } = await requestSnapshot(tx, systemActor, {
    versionId,
    trigger: "image_lost",
    mode: "full",
  });
  return { kind: "queued", number: snapshot.number, joined };
}
