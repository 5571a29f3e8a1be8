/** The step that makes the snapshot's image, and looks whether a secret got into it. */
import { recordImage } from "@/lib/snapshots/progress.server";
import { EngineError, type ImageFacts } from "@/worker/containers/types";
import { refuseLeak } from "@/worker/secrets/leak";
import type { OpenedSecrets } from "@/worker/secrets/take";
import { refuseOverrun } from "./bad-end";
import type { BuildContext } from "./context";
import { diskRules } from "./disk-rules";
import { overrunOf } from "./disk-watch";
import { StepLost } from "./failures";
import { captureComment, imageReference, isTry, megabytes } from "./plan";
import type { Program } from "./programs";
import type { Ended, Outcome } from "./run-programs";

const STEP = "capture";

export interface ToCapture {
  base: ImageFacts;
  outcome: Outcome;
  /** What ran last: its step is done again when its container is gone. */
  last: Pick<Program, "step" | "what">;
  secrets: OpenedSecrets;
}

/** @throws StepFailed `secret_leaked`, StepLost when the container was removed meanwhile. */
export async function captureSnapshot(context: BuildContext, plan: ToCapture): Promise<ImageFacts> {
  const { engine, progress } = context.build;
  if (progress.image && context.isDone(STEP)) return engine.inspectImage(progress.image.id);
  return context.step(STEP, async () => {
    const image = progress.image
      ? await engine.inspectImage(progress.image.id)
      : await capture(context, plan);
    await search(context, image, plan);
    return image;
  });
}

async function capture(context: BuildContext, plan: ToCapture): Promise<ImageFacts> {
  const { claimed, log } = context.build;
  const reference = imageReference(claimed);
  const image = await ("layer" in plan.outcome
    ? nameLayer(context, plan.outcome.layer, reference)
    : commit(context, plan.outcome, reference, plan));
  const overrun = overrunOf(image.sizeBytes, diskRules(claimed.spec, plan.base));
  refuseOverrun(plan.last.what, overrun, plan.last.step);
  await context.write(() =>
    recordImage(claimed.claim, { id: image.id, reference, sizeBytes: image.sizeBytes }),
  );
  const grown = megabytes(image.sizeBytes - plan.base.sizeBytes);
  log.say(`Captured ${reference} (${megabytes(image.sizeBytes)}, ${grown} over the base image)`);
  return image;
}

/** Nothing had to be done: the image is there, and gets one more name. */
async function nameLayer(context: BuildContext, layer: string, reference: string): Promise<ImageFacts> {
  // A try's image would lose the name again at once.
  if (!isTry(context.build.claimed)) await context.build.engine.tagImage(layer, reference);
  return context.build.engine.inspectImage(layer);
}

async function commit(
  context: BuildContext,
  { container, verdict }: Ended,
  reference: string,
  { base, last }: ToCapture,
): Promise<ImageFacts> {
  const { claimed, engine } = context.build;
  try {
    const capturing = engine.capture(container, {
      reference,
      base,
      ownership: context.ownership("snapshot"),
      comment: captureComment(claimed.number),
    });
    const image = await capturing;
    context.remains.imageId = image.id;
    await verdict;
    return image;
  } catch (error) {
    if (error instanceof EngineError && error.code === "not_found")
      throw new StepLost(last.step, "Its sandbox was removed before it was captured.");
    throw error;
  }
}

async function search(context: BuildContext, image: ImageFacts, { base, secrets }: ToCapture): Promise<void> {
  const { engine, log, signal } = context.build;
  if (secrets.values.length === 0) return;
  log.say(`Searching the image for ${secrets.values.map(({ name }) => name).join(", ")}`);
  await refuseLeak(engine, { image: image.id, base: base.id, secrets: secrets.values }, signal);
}
