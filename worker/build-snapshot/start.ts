/** Where a build begins to run programs: at the first, or behind what it, or an earlier build, has done already. */
import { insist } from "@/lib/db/insist.server";
import { forgetLayers, type KeptLayer, useLayers } from "@/lib/layers/store.server";
import { EngineError, type ImageFacts } from "@/worker/containers/types";
import { type OpenedSecrets, openSecrets } from "@/worker/secrets/take";
import type { BuildContext } from "./context";
import { StepLost } from "./failures";
import type { Program } from "./programs";
import { stepKeys } from "./step-key";

export interface Start {
  secrets: OpenedSecrets;
  /** Of the programs, in order. */
  keys: string[];
  /** The first program that has to run; as many as there are when none has to. */
  next: number;
  /** The image that it starts from. */
  from: string;
}

interface Kept {
  /** Of the last program that needn't run. */
  index: number;
  imageId: string;
  /** The snapshot that did it, and its profile when that is another one. */
  by: Pick<KeptLayer, "number" | "profile">;
}

/** @param writeFiles makes the first sandbox, when there is nothing to begin behind. */
export async function startingPoint(
  context: BuildContext,
  base: ImageFacts,
  programs: readonly Program[],
  writeFiles: (start: Start) => Promise<void>,
): Promise<Start> {
  const { claimed, log } = context.build;
  const open = async () => {
    const secrets = await takeSecrets(context);
    context.remains.given = { baseImage: base.id, secrets: secrets.values };
    const platform = { imageId: base.id, platform: base.platform };
    return { secrets, keys: stepKeys(platform, claimed.spec, programs, secrets.revisions) };
  };
  if (!context.isDone("files")) {
    const { kept, ...start } = await context.step("files", async () => {
      const opened = await open();
      const kept = await findKept(context, opened.keys);
      const start = { ...opened, next: 0, from: base.id };
      if (kept) log.say("Nothing to prepare: what comes first is there already");
      else await writeFiles(start);
      return { ...start, kept };
    });
    return kept ? beginBehind(context, kept, start, programs) : start;
  }
  const opened = await open();
  const done = programs.findLastIndex(
    ({ step }) => context.isDone(step) && context.before(step).layerId !== null,
  );
  const layer = programs[done] && context.before(programs[done].step).layerId;
  if (layer) return { ...opened, next: done + 1, from: layer };
  const start = { ...opened, next: 0, from: base.id };
  const hasBegun = programs.some(({ step }) => context.before(step).containerId !== null);
  const kept = hasBegun ? null : await findKept(context, opened.keys);
  return kept ? beginBehind(context, kept, start, programs) : start;
}

/** From here on none of their values gets into the log. */
async function takeSecrets(context: BuildContext): Promise<OpenedSecrets> {
  const { claimed, installation, log, signal } = context.build;
  const secrets = await openSecrets(claimed, installation, signal);
  log.mask(secrets.values);
  // What it prints couldn't be masked any more, nor its image be searched for what it was given.
  if (secrets.changed && context.before("files").status !== "pending")
    throw new StepLost(null, "A secret was rotated while nobody worked on this build.");
  return secrets;
}

/** What earlier builds left of the same steps, looked for from the last one backwards. */
async function findKept(context: BuildContext, keys: readonly string[]): Promise<Kept | null> {
  const { claimed, engine, signal } = context.build;
  if (!claimed.reuse) return null;
  const rows = await insist(() => useLayers(claimed.hostId, keys, claimed.claim.snapshotId), signal);
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const kept = rows.find(({ key }) => key === keys[index]);
    if (!kept) continue;
    try {
      const { id } = await engine.inspectImage(kept.imageId);
      return { index, imageId: id, by: kept };
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "not_found")) throw error;
      await insist(() => forgetLayers(claimed.hostId, [kept.imageId]), signal);
    }
  }
  return null;
}

function beginBehind(
  context: BuildContext,
  { index, imageId, by }: Kept,
  start: Start,
  programs: readonly Program[],
): Start {
  for (const [at, { step }] of programs.slice(0, index + 1).entries())
    context.reuse(step, by, at === index ? imageId : undefined);
  return { ...start, next: index + 1, from: imageId };
}
