/** Runs the programs of a build one after the other, each in a container made from what the one before left. */
import { heardLater } from "@/lib/heard-later";
import { keepLayer } from "@/lib/layers/store.server";
import type { ImageFacts } from "@/worker/containers/types";
import { deliverSecrets, SECRETS_FOLDER } from "@/worker/secrets/deliver";
import { refuseBadEnd, refuseOutOfMemory, refuseOverrun } from "./bad-end";
import type { BuildContext, Sandbox } from "./context";
import { diskRules } from "./disk-rules";
import { overrunOf } from "./disk-watch";
import { containerPlan, describeLimits } from "./plan";
import { PLAN_SECONDS, type Program } from "./programs";
import { keepSandbox, runSandbox, sandboxOf } from "./sandbox";
import { SCRIPT_FOLDER, SCRIPT_PATH } from "./setup-command";
import { SetupTime } from "./setup-time";
import type { Start } from "./start";

/** What there is in the end: the last program's container, or a layer when no program had to run. */
export type Outcome = Ended | { layer: string };

export interface Ended {
  container: string;
  /** Late news of it, to be waited for beside the capture. @throws StepFailed `out_of_memory` */
  verdict: Promise<void>;
}

export async function runPrograms(
  context: BuildContext,
  base: ImageFacts,
  programs: readonly Program[],
  { secrets, keys, next, from: start }: Start,
): Promise<Outcome> {
  const { claimed, engine, log } = context.build;
  const { claim, hostId, spec } = claimed;
  const setupTime = new SetupTime(
    spec.timeouts.setupSeconds,
    programs.filter(({ budget }) => budget === "setup").map(({ step }) => context.before(step).elapsedMs),
  );
  let outcome: Outcome = { layer: start };
  for (const [index, program] of programs.entries()) {
    if (index < next) continue;
    const isLast = index === programs.length - 1;
    const { containerId } = context.before(program.step);
    // It ended well, and was not captured yet.
    if (isLast && containerId && context.isDone(program.step))
      return { container: containerId, verdict: lateVerdict(program, containerId) };
    const from = "layer" in outcome ? outcome.layer : start;
    outcome = await context.step(
      program.step,
      async () => {
        const sandbox = await sandboxFor(context, program, index, from);
        if (!sandbox.started) log.say(program.intro);
        const { verdict } = await run(program, sandbox);
        if (isLast) return { container: sandbox.id, verdict };
        const [layer] = await Promise.all([keepSandbox(context, sandbox.id, base), verdict]);
        const overrun = overrunOf(layer.sizeBytes, diskRules(spec, base));
        if (overrun) await engine.removeImage(layer.id);
        refuseOverrun(program.what, overrun);
        const result = { key: keys[index] ?? "", imageId: layer.id, step: program.step };
        // I10: what may hold a secret isn't kept beyond a build that fails before it was looked for.
        if (programs.slice(0, index + 1).some(({ secrets }) => secrets.length > 0))
          context.unsearched.push(result);
        else await context.write(() => keepLayer(claim, { hostId, ...result }));
        return { layer: layer.id };
      },
      (done) => ({
        ...("layer" in done ? { layerId: done.layer } : {}),
        ...(program.isEmpty ? { status: "skipped" as const } : {}),
      }),
    );
  }
  return outcome;

  /** One that another worker saw end: what the engine says of it may have come later. */
  function lateVerdict(program: Program, container: string): Promise<void> {
    const verdict = engine
      .waitForExit(container, context.build.signal)
      .then(({ outOfMemory }) => refuseOutOfMemory(outOfMemory, program, spec.resources));
    void heardLater(verdict);
    return verdict;
  }

  /** @returns what is still to be heard of it. */
  async function run(program: Program, sandbox: Sandbox): Promise<{ verdict: Promise<void> }> {
    const { step, user, budget } = program;
    const needed = secrets.values.filter(({ name }) => program.secrets.includes(name));
    const whenStarted =
      needed.length > 0 ? () => deliverSecrets(engine, sandbox.id, user, needed) : undefined;
    const running = { step, whenStarted, input: program.input ?? undefined, disk: diskRules(spec, base) };
    const result = await (budget === "setup"
      ? setupTime.spend(() =>
          runSandbox(context, sandbox, { ...running, limitSeconds: setupTime.leftSeconds }),
        )
      : runSandbox(context, sandbox, { ...running, limitSeconds: leftOf(PLAN_SECONDS, context, step) }));
    const limitSeconds = budget === "setup" ? spec.timeouts.setupSeconds : PLAN_SECONDS;
    refuseBadEnd(result, { ...program, limitSeconds, limits: spec.resources });
    const verdict = result.late.then((outOfMemory) =>
      refuseOutOfMemory(outOfMemory, program, spec.resources),
    );
    void heardLater(verdict);
    return { verdict };
  }
}

/** What is left of a step's own time limit: it counts from the step's start, also when that was another worker's. */
export function leftOf(limitSeconds: number, context: BuildContext, step: Program["step"]): number {
  return Math.max(0, limitSeconds - context.before(step).elapsedMs / 1000);
}

/** The first one holds the spec's files, too. */
export async function sandboxFor(
  context: BuildContext,
  program: Program,
  index: number,
  image: string,
): Promise<Sandbox> {
  const { claimed, engine, log } = context.build;
  const { command, user, script, step } = program;
  const ownership = context.ownership("build");
  const plan = containerPlan(claimed, { image, kind: "build", command, user, index, ownership });
  const memory = program.secrets.length > 0 ? { memoryPaths: [SECRETS_FOLDER] } : {};
  const caches = program.mountsCaches ? await context.caches() : [];
  // Into memory nothing can be written from outside.
  const folder =
    script === null
      ? { volatilePaths: [], scratchPaths: [SCRIPT_FOLDER] }
      : { volatilePaths: [SCRIPT_FOLDER] };
  const mounts = { ...folder, caches, ...memory, takesInput: program.input !== null };
  const { files } = claimed.spec;
  // Nothing is kept from others by it, or written into it, before it has something to do.
  const mayWait =
    program.input !== null &&
    program.secrets.length === 0 &&
    caches.length === 0 &&
    !(index === 0 && files.length > 0);
  const fill = async (id: string) => {
    if (index === 0) {
      log.say(`Sandbox ${id.slice(0, 12)} with ${describeLimits(claimed.spec)}`);
      const given = files.map(({ path, content, mode }) => ({
        path,
        content,
        mode: Number.parseInt(mode, 8),
      }));
      if (given.length > 0) await engine.writeFiles(id, given);
      for (const { path, content, mode } of files)
        log.say(`Wrote ${path} (${Buffer.byteLength(content)} bytes, mode ${mode})`);
    }
    if (script !== null) await engine.writeFiles(id, [{ path: SCRIPT_PATH, content: script, mode: 0o755 }]);
  };
  return sandboxOf(context, step, { ...plan, ...mounts }, fill, mayWait);
}
