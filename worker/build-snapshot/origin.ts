/** What a build starts from: its base image, or the image of the snapshot that it is built upon. */
import { env } from "@/lib/env.server";
import { recordBaseImage } from "@/lib/snapshots/progress.server";
import { EngineError, type ImageFacts } from "@/worker/containers/types";
import type { BuildContext } from "./context";
import { StepFailed } from "./failures";
import { captureComment, megabytes } from "./plan";

const STEP = "base-image";

export async function origin(context: BuildContext): Promise<ImageFacts> {
  const { engine, claimed, progress } = context.build;
  const { builtOn } = claimed;
  if (!context.isDone(STEP))
    return context.step(
      STEP,
      () => (builtOn ? snapshotImage(context) : baseImage(context)),
      ({ id }) => (builtOn ? { layerId: id } : {}),
    );
  const id = builtOn ? context.before(STEP).layerId : progress.baseImageId;
  if (!id) throw new Error("the base image is done and has no id");
  return engine.inspectImage(id);
}

async function baseImage(context: BuildContext): Promise<ImageFacts> {
  const { claimed, log } = context.build;
  const { claim, spec } = claimed;
  log.say(`Base image ${spec.baseImage}`);
  const image = await resolve(context);
  await context.write(() => recordBaseImage(claim, image));
  log.say(`Resolved to ${image.digest ?? image.id} (${megabytes(image.sizeBytes)})`);
  return image;
}

/** One that has moved in its registry is pulled anew; where that isn't what the build is about, the one that is here will do. */
async function resolve({ build }: BuildContext): Promise<ImageFacts> {
  const { engine, claimed, log, signal } = build;
  const { freshBase, spec } = claimed;
  const get = (fresh: boolean) => engine.resolveImage(spec.baseImage, (line) => log.say(line), signal, fresh);
  if (freshBase !== "try") return get(freshBase === "must");
  try {
    return await get(true);
  } catch (error) {
    if (!(error instanceof EngineError && error.code === "not_found")) throw error;
    log.say(`${error.message} The one that is here is used.`);
    return get(false);
  }
}

async function snapshotImage(context: BuildContext): Promise<ImageFacts> {
  const { engine, claimed, log } = context.build;
  const { number = 0, imageId = null, baseImageId = null, baseImageDigest = null } = claimed.builtOn ?? {};
  if (!imageId)
    throw new StepFailed({
      code: "base_image_unavailable",
      message: `The image of snapshot #${number}, which this one is built upon, was removed. Refresh in full.`,
      exitCode: null,
    });
  const image = await engine.inspectImage(imageId);
  await context.write(() =>
    recordBaseImage(claimed.claim, { id: baseImageId ?? imageId, digest: baseImageDigest }),
  );
  log.say(
    `Built upon snapshot #${number}: ${image.id} (${megabytes(image.sizeBytes)}, ${image.depth} layers)`,
  );
  return image.depth > env().KILN_MAX_LAYERS ? flattened(context, image) : image;
}

/** Each incremental refresh puts layers on top, and an engine bears about 120 of them. */
async function flattened(context: BuildContext, image: ImageFacts): Promise<ImageFacts> {
  const { engine, claimed, log, signal } = context.build;
  log.say(`More than ${env().KILN_MAX_LAYERS} layers: they become one`);
  const plan = {
    ownership: context.ownership("snapshot"),
    sandbox: context.ownership("build"),
    comment: captureComment(claimed.number),
  };
  const flat = await engine.flatten(image.id, plan, signal);
  log.say(`Now it is ${flat.id} (${megabytes(flat.sizeBytes)})`);
  return flat;
}
