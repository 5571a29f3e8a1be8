/** What rows say about the things that an engine holds for snapshots: their images, and the builds that are held. */
import { db } from "@/lib/db/client.server";
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

export interface RunningBuild {
  snapshotId: string;
  /** The claim under which it is being built now; nobody's while no worker goes on with it. */
  fence: number;
  workerId: string | null;
  /** What its steps run in, or ran in: whoever goes on with it needs them. */
  containers: string[];
  /** What its steps left. */
  layers: string[];
}

/** Which of these snapshots, and of those that these containers are for, are being built now. */
export async function readRunningBuilds(
  snapshotIds: readonly string[],
  containers: readonly string[] = [],
): Promise<RunningBuild[]> {
  const rows = await db().snapshot.findMany({
    where: {
      status: "running",
      OR: [
        { id: { in: [...new Set(snapshotIds)] } },
        ...(containers.length > 0 ? [{ steps: { some: { containerId: { in: [...containers] } } } }] : []),
      ],
    },
    select: {
      id: true,
      fence: true,
      workerId: true,
      steps: { select: { containerId: true, layerId: true } },
    },
  });
  return rows.map(({ id, fence, workerId, steps }) => ({
    snapshotId: id,
    fence,
    workerId,
    containers: steps.flatMap(({ containerId }) => containerId ?? []),
    layers: steps.flatMap(({ layerId }) => layerId ?? []),
  }));
}

/** By image: the ids of the snapshots that name it, whoever captured it. */
export async function readNamedImages(hostId: string): Promise<Map<string, string[]>> {
  const rows = await db().snapshot.findMany({
    where: { hostId, imageId: { not: null }, status: { in: ["ready", "running"] } },
    select: { id: true, imageId: true },
  });
  const named = new Map<string, string[]>();
  for (const { id, imageId } of rows) if (imageId) named.set(imageId, [...(named.get(imageId) ?? []), id]);
  return named;
}
