/** Which images snapshots need: the one that a ready snapshot names, and whatever a build is at work on. */
import { db } from "@/lib/db/client.server";
import { isActive } from "./state";

export interface ImageNeed {
  /** It is queued or being built: an image of it may be its own in the next moment. */
  active: boolean;
  /** Set when it is ready. */
  imageId: string | null;
}

/** @returns nothing for ids that no row has. */
export async function readImageNeeds(snapshotIds: readonly string[]): Promise<Map<string, ImageNeed>> {
  if (snapshotIds.length === 0) return new Map();
  const rows = await db().snapshot.findMany({
    where: { id: { in: [...new Set(snapshotIds)] } },
    select: { id: true, status: true, imageId: true },
  });
  return new Map(
    rows.map(({ id, status, imageId }) => [
      id,
      { active: isActive(status), imageId: status === "ready" ? imageId : null },
    ]),
  );
}
