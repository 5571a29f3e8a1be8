/**
 * Images that a build captured and nobody needs: its worker died before it could say so, or couldn't delete
 * them. Never by force, so one that a container or another image uses stays until that is gone.
 */
import { log } from "@/lib/log.server";
import { readImageNeeds } from "@/lib/snapshots/image-needs.server";
import { isUuid } from "@/lib/uuid";
import { isCaptureComment } from "@/worker/build-snapshot/plan";
import type { Engine, OwnedImage } from "@/worker/containers/types";

export async function sweepImages(engine: Engine, installation: string): Promise<void> {
  const images = (await engine.listImages(installation)).filter(isCaptured);
  // After the list: what was captured since then isn't in it.
  const needs = await readImageNeeds(images.map(({ ownership }) => ownership.owner));
  for (const image of images) {
    const need = needs.get(image.ownership.owner);
    if (need?.active || need?.imageId === image.id) continue;
    await engine.removeImage(image.id).then(
      (gone) =>
        gone &&
        log.info(
          { image: image.id, snapshotId: image.ownership.owner },
          "removed an image that no snapshot names",
        ),
      (error: unknown) => log.warn({ err: error, image: image.id }, "a leftover image stays"),
    );
  }
}

/** Our labels are also on what others built from a snapshot; our comment is only on what we captured. */
function isCaptured({ ownership, comment }: OwnedImage): boolean {
  return ownership.kind === "snapshot" && isUuid(ownership.owner) && isCaptureComment(comment);
}
