/** What rows say about the things that an engine holds for snapshots: their images, and the builds that are held. */
import { db } from "@/lib/db/client.server";
import type { Claim } from "./log-store.server";
import type { SnapshotStatus } from "./state";

export interface ImageNeed {
  status: SnapshotStatus;
  /** The image that the row names. */
  imageId: string | null;
  /** For people: `#3 of tools v1`. */
  name: string;
}

/** @returns nothing for ids that no row has. */
export async function readImageNeeds(snapshotIds: readonly string[]): Promise<Map<string, ImageNeed>> {
  if (snapshotIds.length === 0) return new Map();
  const rows = await db().snapshot.findMany({
    where: { id: { in: [...new Set(snapshotIds)] } },
    select: {
      id: true,
      number: true,
      status: true,
      imageId: true,
      profile: { select: { slug: true } },
      version: { select: { number: true } },
    },
  });
  return new Map(
    rows.map(({ id, status, imageId, number, profile, version }) => {
      const of = version.number === null ? profile.slug : `${profile.slug} v${version.number}`;
      return [id, { status, imageId, name: `#${number} of ${of}` }];
    }),
  );
}

/** The claims under which these snapshots are being built now. */
export async function readHeldClaims(snapshotIds: readonly string[]): Promise<Claim[]> {
  const rows = await db().snapshot.findMany({
    where: { id: { in: [...new Set(snapshotIds)] }, status: "running", workerId: { not: null } },
    select: { id: true, attempt: true, workerId: true },
  });
  return rows.map(({ id, attempt, workerId }) => ({ snapshotId: id, attempt, workerId: workerId ?? "" }));
}
