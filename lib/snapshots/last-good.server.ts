/** The newest snapshot before another one that ended well and still has its log: of the same version, or else of the same profile. */
import { db } from "@/lib/db/client.server";
import { getSnapshot } from "./store.server";
import type { SnapshotWire } from "./wire";

/** @throws AppError 404 when there is no snapshot `id`. */
export async function findLastGood(id: string): Promise<SnapshotWire | null> {
  const { profileId, version, number } = await getSnapshot(id);
  const endedWell = {
    profileId,
    number: { lt: number },
    status: { in: ["ready" as const, "removed" as const] },
    logExpiredAt: null,
  };
  const newest = (where: object) =>
    db().snapshot.findFirst({
      where: { ...endedWell, ...where },
      orderBy: { number: "desc" },
      select: { id: true },
    });
  const found =
    (version === null ? null : await newest({ version: { number: version } })) ?? (await newest({}));
  return found && getSnapshot(found.id);
}
