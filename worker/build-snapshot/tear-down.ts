/** What is left of a build on the engine goes. A failed teardown is an orphan for the sweep, never a failed snapshot (I5). */
import { insist } from "@/lib/db/insist.server";
import { listUnkept } from "@/lib/layers/store.server";
import type { log } from "@/lib/log.server";
import type { Claim } from "@/lib/snapshots/log-store.server";
import { disownImage } from "@/lib/snapshots/progress.server";
import type { Engine } from "@/worker/containers/types";
import type { Remains } from "./context";

export type Lines = typeof log;

/** @returns whether all are gone. */
export async function removeContainers(engine: Engine, remains: Remains, lines: Lines): Promise<boolean> {
  const containers = [...remains.containers];
  remains.containers.clear();
  const results = await Promise.allSettled(containers.map((id) => engine.removeContainer(id)));
  for (const result of results)
    if (result.status === "rejected") lines.warn({ err: result.reason }, "a container is left for the sweep");
  return results.every(({ status }) => status === "fulfilled");
}

/** What steps left of a build that came to nothing, and no later one may use: it may hold a secret (I10). */
export async function removeUnkept(engine: Engine, { snapshotId }: Claim, lines: Lines): Promise<void> {
  try {
    for (const layer of await insist(() => listUnkept(snapshotId))) await engine.removeImage(layer);
  } catch (error) {
    lines.warn({ err: error }, "what steps left is left for the sweep");
  }
}

export async function removeImage(
  engine: Engine,
  claim: Claim,
  imageId: string,
  lines: Lines,
): Promise<void> {
  try {
    if (await insist(() => disownImage(claim, imageId))) await engine.removeImage(imageId);
  } catch (error) {
    lines.warn({ err: error, imageId }, "an image is left for the sweep");
  }
}
