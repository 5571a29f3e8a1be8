/**
 * Keeps what a failed step left, for people to look into. Nothing can be run in a container that has exited, so its
 * files are captured, and a sandbox is started from them with the same limits, environment, folder and network.
 */

import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { formatSpan } from "@/lib/format";
import { installationId } from "@/lib/installation.server";
import type { log as processLog } from "@/lib/log.server";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import { isKept, type Kept, wantedContainer } from "@/lib/snapshots/kept-record.server";
import type { Claim } from "@/lib/snapshots/log-store.server";
import type { StepName } from "@/lib/snapshots/steps";
import type { Remains } from "@/worker/build-snapshot/context";
import { StepFailed } from "@/worker/build-snapshot/failures";
import type { LogWriter } from "@/worker/build-snapshot/log-writer";
import { captureComment } from "@/worker/build-snapshot/plan";
import { type Engine, EngineError } from "@/worker/containers/types";
import { refuseLeak } from "@/worker/secrets/leak";
import { KEEP_ALIVE } from "@/worker/sessions/keep-alive";

interface FailedBuild {
  error: unknown;
  step: StepName;
  claimed: ClaimedSnapshot;
  engine: Engine;
  remains: Remains;
  log: LogWriter;
  lines: typeof processLog;
  signal: AbortSignal;
}

/** Steps that run in a container of their own. */
const inContainer = (step: StepName) => step === "check" || /^(packages:|repositories$|setup)/.test(step);

/**
 * What can't be kept is said in the log and changes nothing about the failure.
 * @returns null when nothing is kept. The caller removes it again unless the failure's row names it.
 */
export async function keepFailed(build: FailedBuild): Promise<Kept | null> {
  const { error, step, claimed, log, lines, signal } = build;
  if (signal.aborted || !(error instanceof StepFailed) || !inContainer(step)) return null;
  try {
    const container = await insist(() => wantedContainer(claimed.claim, step), signal);
    if (!container) return null;
    log.say(`Keeping the container for ${formatSpan(env().KILN_KEEP_SECONDS)}`);
    return await keep(build, container);
  } catch (cause) {
    if (signal.aborted) return null;
    const known = cause instanceof EngineError || cause instanceof StepFailed;
    log.say(
      `The container could not be kept${known ? `: ${log.masked(cause.message)}` : "; the worker's log has the details."}`,
    );
    lines.warn({ err: cause }, "a failed step's container could not be kept");
    return null;
  }
}

async function keep(
  { claimed, engine, remains: { given }, lines, signal }: FailedBuild,
  container: string,
): Promise<Kept> {
  const { claim, spec, number } = claimed;
  const installation = await insist(installationId, signal);
  const { id: imageId } = await engine.capture(container, {
    reference: null,
    base: { command: null, entrypoint: null, user: "" },
    ownership: { installation, kind: "snapshot", owner: claim.snapshotId },
    comment: captureComment(number),
  });
  const made: Partial<Kept> = { imageId };
  try {
    // A script that wrote one down and failed would leave it to whoever looks.
    if (given && given.secrets.length > 0)
      await refuseLeak(engine, { image: imageId, base: given.baseImage, secrets: given.secrets }, signal);
    const containerId = await engine.createContainer({
      name: `kiln-kept-${claim.snapshotId}-${claim.fence}`,
      image: imageId,
      command: KEEP_ALIVE,
      env: spec.env,
      workdir: spec.workdir,
      user: spec.user,
      limits: spec.resources,
      network: spec.network,
      ownership: {
        installation,
        kind: "kept",
        owner: claim.snapshotId,
        fence: claim.fence,
        worker: claim.workerId,
      },
      volatilePaths: [],
    });
    made.containerId = containerId;
    await engine.start(containerId);
    signal.throwIfAborted();
    return { containerId, imageId };
  } catch (error) {
    await remove(engine, made, lines);
    throw error;
  }
}

/** After the end: a failure that wasn't written down, or became a cancellation, leaves nothing. */
export async function removeUnlessKept(
  engine: Engine,
  { snapshotId }: Claim,
  kept: Kept,
  lines: typeof processLog,
): Promise<void> {
  try {
    if (await insist(() => isKept(snapshotId, kept))) return;
  } catch (error) {
    // The row may name it; a sweep knows.
    return lines.warn({ err: error, ...kept }, "what was kept is left for the sweep");
  }
  await remove(engine, kept, lines);
}

/** A build that was stopped after all leaves nothing. */
export async function dropKept(engine: Engine, kept: Kept, lines: typeof processLog): Promise<null> {
  await remove(engine, kept, lines);
  return null;
}

async function remove(engine: Engine, made: Partial<Kept>, lines: typeof processLog): Promise<void> {
  try {
    if (made.containerId) await engine.removeContainer(made.containerId);
    if (made.imageId) await engine.removeImage(made.imageId);
  } catch (error) {
    lines.warn({ err: error, ...made }, "what was kept is left for the sweep");
  }
}
