/** For tests: what a build left on the engine that nothing explains. */
import { db } from "@/lib/db/client.server";
import { docker } from "@/worker/containers/docker/testing/engine";
import { containersOf, imagesOf } from "./installation";

/** Containers and images of a snapshot; but not what its steps left for later builds, which has no name. */
export async function unexplained(installation: string, snapshotId: string): Promise<string[]> {
  const layers = await db().layer.findMany({ where: { snapshotId }, select: { imageId: true } });
  const images = await Promise.all(
    (await imagesOf(installation, snapshotId)).map((id) => docker.getImage(id).inspect()),
  );
  return [
    ...(await containersOf(installation, snapshotId)).map(({ id }) => id),
    ...images
      .filter(({ Id, RepoTags }) => RepoTags.length > 0 || !layers.some(({ imageId }) => imageId === Id))
      .map(({ Id }) => Id),
  ];
}
