/** A step's container: made, or found again; run to its end; kept as a layer. */
import { setTimeout as delay } from "node:timers/promises";
import { insist } from "@/lib/db/insist.server";
import { log as processLog } from "@/lib/log.server";
import { countStoredOutput, recordContainer } from "@/lib/snapshots/progress.server";
import type { StepName } from "@/lib/snapshots/steps";
import { type ContainerPlan, EngineError, type ImageFacts } from "@/worker/containers/types";
import type { BuildContext, Sandbox } from "./context";
import type { DiskRules } from "./disk-watch";
import { StepLost } from "./failures";
import { captureComment } from "./plan";
import { type RunResult, runContainer } from "./run-container";

/**
 * What an engine that is stopped, or was killed, leaves of a container that ran: killed, terminated, or "don't know".
 * A step that ended so while nobody watched is done again.
 */
const ENDED_BY_ENGINE = [137, 143, 255];
/** So ends one whose worker died, or lost its connection, before it had handed over the script, or the secrets. */
const NOT_GIVEN = 125;
const ALIVE_CHECKS = 4;
const ALIVE_MS = 500;

/**
 * The container of a step. One that was started goes on; one that another worker made and didn't start is made anew,
 * since what was to be written into it may be missing. @param fill is done with a new one. @param mayWait whether one that was
 * started ahead will do
 */
export async function sandboxOf(
  context: BuildContext,
  step: StepName,
  plan: ContainerPlan,
  fill: (container: string) => Promise<void>,
  mayWait = false,
): Promise<Sandbox> {
  const { engine, claimed, waiting: ahead } = context.build;
  const filled = context.filled.get(step);
  if (filled) return filled;
  if (mayWait) ahead.note(plan);
  const { containerId } = context.before(step);
  if (containerId) {
    const state = await engine.stateOf(containerId);
    if (state === "gone") throw new StepLost(step, "Its sandbox was removed from the engine.");
    if (state !== "created") return { id: containerId, started: true };
  }
  const waiting = (mayWait && (await ahead.take(plan))) || undefined;
  const id = waiting?.id ?? (await makeContainer(context, plan));
  context.remains.containers.add(id);
  // It is found again before it is started, or given anything to do, which is when it counts.
  await Promise.all([context.write(() => recordContainer(claimed.claim, step, id)), fill(id)]);
  // Not before: a sweep leaves it alone for its name, or for its row. Nothing waits for it.
  if (waiting)
    engine
      .renameContainer(id, plan.name)
      .catch((error: unknown) => processLog.debug({ err: error }, "a sandbox that waited keeps its name"));
  const sandbox = { id, started: false, waiting };
  context.filled.set(step, sandbox);
  return sandbox;
}

function makeContainer({ build, startImage }: BuildContext, plan: ContainerPlan): Promise<string> {
  return build.engine.createContainer(plan).catch((error: unknown) => {
    // A result of an earlier step that was there a moment ago; the base image has its own code.
    if (error instanceof EngineError && error.code === "not_found" && plan.image !== startImage)
      throw new StepLost(null, "The result of an earlier step was removed meanwhile.");
    throw error;
  });
}

export interface Running {
  step: StepName;
  limitSeconds: number;
  disk: DiskRules;
  input?: string | undefined;
  whenStarted?: (() => Promise<void>) | undefined;
}

/** Runs it, or follows it, to its end. @throws StepLost when its end isn't its own. */
export async function runSandbox(
  context: BuildContext,
  sandbox: Sandbox,
  { step, limitSeconds, disk, input, whenStarted }: Running,
): Promise<RunResult> {
  const { engine, claimed, log, signal } = context.build;
  const result = await runContainer(
    engine,
    log,
    {
      container: sandbox.id,
      started: sandbox.started,
      begin: sandbox.waiting?.begin ?? ((...rest) => engine.startAttached(sandbox.id, ...rest)),
      limitSeconds,
      disk,
      input,
      whenStarted,
      storedOutput: () => insist(() => countStoredOutput(claimed.claim, step), signal),
    },
    signal,
  );
  signal.throwIfAborted();
  const { exitCode } = result;
  if ((sandbox.started || sandbox.waiting || result.cut) && exitCode === NOT_GIVEN)
    throw new StepLost(step, "Its sandbox was not given its script.");
  const suspicious =
    ENDED_BY_ENGINE.includes(exitCode) && !result.timedOut && !result.outOfMemory && !result.disk;
  if (!suspicious && result.unheard && !result.timedOut && !result.disk)
    throw new StepLost(
      step,
      "Its sandbox ended while the container engine was away, and what it said meanwhile is lost.",
    );
  if (!suspicious) return result;
  if (sandbox.started) throw new StepLost(step, "Its sandbox was ended together with the container engine.");
  // It ended under our eyes: by itself, or as the first sign of an engine that is going away. The calls tell.
  for (let check = 0; check < ALIVE_CHECKS; check += 1) {
    await delay(ALIVE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    await engine.identify();
  }
  return result;
}

/** What an exited container left, as an image without a name: the sweep knows it by its labels. */
export function keepSandbox(context: BuildContext, container: string, base: ImageFacts): Promise<ImageFacts> {
  const { engine, claimed } = context.build;
  return engine.capture(container, {
    reference: null,
    base,
    ownership: context.ownership("snapshot"),
    comment: captureComment(claimed.number),
  });
}
