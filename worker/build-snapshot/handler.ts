/** Takes a delivery: claims the row or leaves, builds, and brings the build to exactly one end. */

import { insist } from "@/lib/db/insist.server";
import { installationId } from "@/lib/installation.server";
import { log as processLog } from "@/lib/log.server";
import { type ClaimedSnapshot, claimSnapshot, readClaim } from "@/lib/snapshots/claim.server";
import { type Ending, endSnapshot } from "@/lib/snapshots/finish.server";
import type { Kept } from "@/lib/snapshots/kept-record.server";
import { appendChunk } from "@/lib/snapshots/log-store.server";
import { disownImage } from "@/lib/snapshots/progress.server";
import { handBack } from "@/lib/snapshots/recover.server";
import type { StepName } from "@/lib/snapshots/steps";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { dropKept, keepFailed, removeUnlessKept } from "@/worker/kept/keep";
import { build, type Remains } from "./build";
import { failureOf, Stopped, type StopReason } from "./failures";
import { ClaimLost, LogWriter } from "./log-writer";
import type { RunningBuilds } from "./running-builds";

export async function handleBuild(
  snapshotId: string,
  worker: WorkerIdentity,
  engine: Engine,
  running: RunningBuilds,
): Promise<void> {
  // A delivery that was on its way when this process began to leave: recovery sends it to another one.
  if (running.isClosed) return;
  const claimed = await claimSnapshot(snapshotId, worker);
  if (!claimed) return;
  const { claim } = claimed;
  const stop = running.add(claim);
  const lines = processLog.child({ snapshotId, attempt: claim.attempt });
  const log = new LogWriter({
    append: (chunk) => appendChunk(claim, chunk),
    ...claimed.log,
    step: "kiln",
    onRetry: (error) => lines.warn({ err: error }, "the log can't be stored; trying again"),
  });
  const remains: Remains = { containers: [], layers: [], imageId: null, given: null };
  let kept: Kept | null = null;
  let step: StepName = "base-image";
  try {
    log.say(`Picked up by ${worker.name}${claim.attempt > 1 ? `, attempt ${claim.attempt}` : ""}`);
    // One that was cancelled before this process knew that it has it was told to nobody.
    const asked = await insist(() => readClaim(claim), stop.signal);
    if (asked?.cancelRequestedBy)
      stop.abort({ kind: "cancelled", by: asked.cancelRequestedBy } satisfies StopReason);
    const installation = await insist(installationId, stop.signal);
    await build(
      { claimed, engine, log, installation, onStep: (name) => (step = name), signal: stop.signal },
      remains,
    );
    lines.info("snapshot ready");
  } catch (error) {
    kept = await keepFailed({ error, step, claimed, engine, remains, log, lines, signal: stop.signal });
    // Before the end is told: whoever reads "cancelled" finds no container any more.
    const gone = await removeContainers(engine, remains, lines);
    if (kept && stop.signal.aborted) kept = await dropKept(engine, kept, lines);
    const reason = stop.signal.aborted
      ? stop.signal.reason
      : error instanceof Stopped
        ? error.reason
        : undefined;
    await settle({ error, reason, step, claimed, log, worker, lines, kept, gone });
  } finally {
    running.remove(claim);
    await removeContainers(engine, remains, lines);
    if (kept) await removeUnlessKept(engine, claim, kept, lines);
    if (remains.imageId) await removeImage(engine, claimed, remains.imageId, lines);
    await removeLayers(engine, remains, lines);
  }
}

type Lines = typeof processLog;

interface Settlement {
  error: unknown;
  reason: StopReason | undefined;
  step: StepName;
  claimed: ClaimedSnapshot;
  log: LogWriter;
  worker: WorkerIdentity;
  lines: Lines;
  kept: Kept | null;
  /** No container of it is left. */
  gone: boolean;
}

/** A build that didn't become ready: handed back, cancelled, failed, or no longer ours. */
async function settle({
  error,
  reason,
  step,
  claimed: { claim },
  log,
  worker,
  lines,
  kept,
  gone,
}: Settlement): Promise<void> {
  if (error instanceof ClaimLost || reason?.kind === "claim_lost")
    return lines.warn("the claim was lost; another worker has this snapshot now");
  try {
    await log.flush();
    if (reason?.kind === "shutdown") {
      await insist(() => handBack(claim, worker.name));
      return lines.info("snapshot handed back");
    }
    const ending = endingOf(error, reason, step, { log, lines, kept, gone });
    const words =
      ending.status === "failed"
        ? [`Failed: ${ending.failure.message}`]
        : ending.status === "cancelled"
          ? [`Cancelled by ${ending.by}`]
          : [];
    if (await insist(() => endSnapshot({ claim }, ending, words)))
      lines.info({ ending: ending.status }, "snapshot ended");
  } catch (failure) {
    // The row keeps its lease until it runs out; then recovery settles it.
    lines.error({ err: failure, cause: error }, "the end of a build could not be written down");
  }
}

function endingOf(
  error: unknown,
  reason: StopReason | undefined,
  step: StepName,
  { log, lines, kept, gone }: Pick<Settlement, "log" | "lines" | "kept" | "gone">,
): Ending {
  if (reason?.kind === "cancelled") return { status: "cancelled", by: reason.by, enforced: gone };
  const failure = failureOf(error, step);
  // An engine's sentence may name a path or a command, and those may hold a secret.
  if (failure)
    return {
      status: "failed",
      failure: { ...failure, message: log.masked(failure.message) },
      ...(kept ? { kept } : {}),
    };
  lines.error({ err: error, step }, "a build broke");
  return {
    status: "failed",
    failure: {
      code: "internal",
      message: "Kiln itself failed at this step; the worker's log has the details.",
      step,
      exitCode: null,
    },
  };
}

/** A failed teardown is an orphan for the sweep, never a failed snapshot (I5). @returns whether all are gone. */
async function removeContainers(engine: Engine, remains: Remains, lines: Lines): Promise<boolean> {
  const containers = remains.containers.splice(0);
  const results = await Promise.allSettled(containers.map((id) => engine.removeContainer(id)));
  for (const result of results)
    if (result.status === "rejected") lines.warn({ err: result.reason }, "a container is left for the sweep");
  return results.every(({ status }) => status === "fulfilled");
}

async function removeImage(
  engine: Engine,
  { claim }: ClaimedSnapshot,
  imageId: string,
  lines: Lines,
): Promise<void> {
  try {
    if (await insist(() => disownImage(claim, imageId))) await engine.removeImage(imageId);
  } catch (error) {
    lines.warn({ err: error, imageId }, "an image is left for the sweep");
  }
}

/** Newest first: each is the parent of the next. Those that the image was made from stay as long as it does. */
async function removeLayers(engine: Engine, remains: Remains, lines: Lines): Promise<void> {
  for (const layer of remains.layers.splice(0).reverse()) {
    try {
      await engine.removeImage(layer);
    } catch (error) {
      lines.warn({ err: error, layer }, "a layer is left for the sweep");
    }
  }
}
