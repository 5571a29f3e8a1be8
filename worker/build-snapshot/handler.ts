/** Takes a delivery: claims the row or leaves, builds, and brings the build to exactly one end. */

import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { installationId } from "@/lib/installation.server";
import { forgetLayersOf } from "@/lib/layers/store.server";
import { log as processLog } from "@/lib/log.server";
import { type ClaimedSnapshot, claimSnapshot, readClaim } from "@/lib/snapshots/claim.server";
import { compactLog } from "@/lib/snapshots/compact-log.server";
import { cappedAppend, logCap } from "@/lib/snapshots/cut-log.server";
import { type Ending, endSnapshot } from "@/lib/snapshots/finish.server";
import type { Kept } from "@/lib/snapshots/kept-record.server";
import { type Claim, tellTail } from "@/lib/snapshots/log-store.server";
import type { StepName } from "@/lib/snapshots/steps";
import { releaseBuild } from "@/lib/snapshots/take-over.server";
import { waitForItsHost } from "@/lib/snapshots/wait.server";
import { whenWatched } from "@/lib/snapshots/watched.server";

import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { dropKept, keepFailed, removeUnlessKept } from "@/worker/kept/keep";
import type { Remains } from "./context";
import { failureOf, Stopped, type StopReason } from "./failures";
import { ClaimLost, LogWriter } from "./log-writer";
import { persevere } from "./persevere";
import type { RunningBuilds } from "./running-builds";
import { type Lines, removeContainers, removeImage, removeUnkept } from "./tear-down";
import type { WaitingSandboxes } from "./waiting-sandboxes";

export async function handleBuild(
  snapshotId: string,
  worker: WorkerIdentity,
  engine: Engine,
  running: RunningBuilds,
  waiting: WaitingSandboxes,
): Promise<void> {
  // A delivery that was on its way when this process began to leave: recovery sends it to another one.
  if (running.isClosed) return;
  const claimed = await claimSnapshot(snapshotId, worker);
  if (claimed) await conduct(claimed, worker, engine, running, waiting);
  else await waitForItsHost(snapshotId, worker.hostId);
}

/** Begins a build, or goes on with one that was taken over. */
export async function conduct(
  claimed: ClaimedSnapshot,
  worker: WorkerIdentity,
  engine: Engine,
  running: RunningBuilds,
  waiting: WaitingSandboxes,
): Promise<void> {
  const { claim } = claimed;
  const stop = running.add(claim);
  const lines = processLog.child({ snapshotId: claim.snapshotId, attempt: claim.attempt });
  const log = new LogWriter({
    append: cappedAppend(claim, claimed.log.bytes, logCap()),
    tell: (tail) => tellTail(claim, tail),
    ...claimed.log,
    step: "kiln",
    spoolFolder: env().KILN_DATA_DIR,
    onRetry: (error) => lines.warn({ err: error }, "the log can't be stored; trying again"),
  });
  const unwatch = whenWatched(claim.snapshotId, () => log.watched());
  const begun = claimed.progress.steps.flatMap(({ containerId }) => containerId ?? []);
  const turn = waiting.turn(claimed.reuse);
  const remains: Remains = { containers: new Set(begun), imageId: null, given: null };
  let kept: Kept | null = null;
  let step: StepName = "base-image";
  let isOurs = true;
  let isReady = false;
  try {
    if (claimed.progress.steps.every(({ status }) => status === "pending"))
      log.say(`Picked up by ${worker.name}${claim.attempt > 1 ? `, attempt ${claim.attempt}` : ""}`);
    // One that was cancelled before this process knew that it has it was told to nobody.
    const asked = await insist(() => readClaim(claim), stop.signal);
    if (asked?.cancelRequestedBy)
      stop.abort({ kind: "cancelled", by: asked.cancelRequestedBy } satisfies StopReason);
    const installation = await insist(installationId, stop.signal);
    const { progress } = claimed;
    const onStep = (name: StepName) => (step = name);
    const given = {
      claimed,
      engine,
      log,
      installation,
      waiting: turn,
      progress,
      onStep,
      signal: stop.signal,
    };
    await persevere(given, remains);
    isReady = true;
    lines.info("snapshot ready");
  } catch (error) {
    kept = await keepFailed({ error, step, claimed, engine, remains, log, lines, signal: stop.signal });
    const reason = stop.signal.aborted
      ? stop.signal.reason
      : error instanceof Stopped
        ? error.reason
        : undefined;
    isOurs = !(error instanceof ClaimLost || reason?.kind === "claim_lost" || reason?.kind === "shutdown");
    // Before the end is told: whoever reads "cancelled" finds no container any more.
    const gone = isOurs && (await removeContainers(engine, remains, lines));
    if (kept && stop.signal.aborted) kept = await dropKept(engine, kept, lines);
    await settle({ error, reason, step, claimed, log, worker, lines, kept, gone });
  } finally {
    unwatch();
    running.remove(claim);
    turn.end();
    // Whoever goes on with the build needs its containers.
    if (isOurs) await removeContainers(engine, remains, lines);
    if (kept) await removeUnlessKept(engine, claim, kept, lines);
    if (remains.imageId) await removeImage(engine, claim, remains.imageId, lines);
    if (isOurs && !isReady) await removeUnkept(engine, claim, lines);
    if (isOurs) await compact(claim, lines);
  }
}

/** The sweep makes up for what fails here. */
async function compact({ snapshotId }: Claim, lines: Lines): Promise<void> {
  try {
    await compactLog(snapshotId);
  } catch (error) {
    lines.warn({ err: error }, "a log could not be made small yet");
  }
}

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

/** A build that didn't become ready: let go of, cancelled, failed, or no longer ours. */
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
    if (reason?.kind === "shutdown") {
      // The rest of a line is in the container's output, which the next worker reads again.
      await log.leave();
      await insist(() => releaseBuild(claim, worker.name));
      return lines.info("let go of a build");
    }
    await log.flush();
    const ending = endingOf(error, reason, step, { log, lines, kept, gone });
    const words =
      ending.status === "failed"
        ? [`Failed: ${ending.failure.message}`]
        : ending.status === "cancelled"
          ? [`Cancelled by ${ending.by}`]
          : [];
    // What holds a secret isn't used again.
    if (ending.status === "failed" && ending.failure.code === "secret_leaked")
      await insist(() => forgetLayersOf(claim.snapshotId));
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
