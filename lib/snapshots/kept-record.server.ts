/** What rows say about the containers that failed builds left: the worker's side. Only the database's clock counts. */
import { db, type Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import type { Claim } from "./log-store.server";

/** A failed step's container as it can be used again: its files in an image, and a sandbox of that. */
export interface Kept {
  containerId: string;
  imageId: string;
}

/**
 * The failed step's container, where somebody wants it kept. Asked when it has failed, because the wish may have come
 * while it ran. A cancelled build leaves nothing.
 */
export async function wantedContainer(
  { snapshotId, fence, workerId }: Claim,
  step: string,
): Promise<string | null> {
  const row = await db().snapshotStep.findFirst({
    where: {
      name: step,
      snapshot: {
        id: snapshotId,
        fence,
        workerId,
        status: "running",
        keepOnFailure: true,
        cancelRequestedAt: null,
      },
    },
    select: { containerId: true },
  });
  return row?.containerId ?? null;
}

/** Part of the failure's own transaction: so there is never a row that promises what a lost worker didn't leave. */
export async function recordKept(tx: Tx, snapshotId: string, { containerId, imageId }: Kept): Promise<void> {
  await tx.$executeRaw`
    UPDATE snapshots SET kept_container_id = ${containerId}, kept_image_id = ${imageId},
      kept_until = now() + make_interval(secs => ${env().KILN_KEEP_SECONDS}::float8)
    WHERE id = ${snapshotId}::uuid`;
}

/** Does the row name it? Whoever made it removes it otherwise. */
export async function isKept(snapshotId: string, { containerId }: Kept): Promise<boolean> {
  return (await db().snapshot.count({ where: { id: snapshotId, keptContainerId: containerId } })) === 1;
}

/** How something is started in it, while it is kept. */
export async function readKept(
  snapshotId: string,
): Promise<{ containerId: string; spec: Pick<Spec, "user" | "workdir"> } | null> {
  const [row] = await db().$queryRaw<Array<{ containerId: string; spec: unknown }>>`
    SELECT n.kept_container_id AS "containerId", v.spec FROM snapshots n JOIN versions v ON v.id = n.version_id
    WHERE n.id = ${snapshotId}::uuid AND n.kept_container_id IS NOT NULL AND n.kept_until > now()`;
  return row ? { containerId: row.containerId, spec: specSchema.parse(row.spec) } : null;
}

export interface KeptNow extends Kept {
  snapshotId: string;
  /** Its time is up. */
  expired: boolean;
}

/** Everything that is kept on a host, also what should be gone by now. */
export async function listKept(hostId: string): Promise<KeptNow[]> {
  return db().$queryRaw`
    SELECT id AS "snapshotId", kept_container_id AS "containerId", kept_image_id AS "imageId", kept_until <= now() AS expired
    FROM snapshots WHERE host_id = ${hostId}::uuid AND kept_container_id IS NOT NULL ORDER BY id`;
}

/** After it was removed: until then the row leads to it, however many workers come and go. */
export async function forgetKept({ snapshotId, containerId }: KeptNow): Promise<void> {
  await db().snapshot.updateMany({
    where: { id: snapshotId, keptContainerId: containerId },
    data: { keptContainerId: null, keptImageId: null },
  });
}
