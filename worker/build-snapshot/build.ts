/**
 * Prepares one snapshot: one straight function, one `finally`. Every write that it makes carries the claim,
 * so a worker that lost its lease changes nothing any more (I4); what it removes is its own container only.
 */
import { insist } from "@/lib/db/insist.server";
import type { SecretValue } from "@/lib/secrets/forms";
import { type ClaimedSnapshot, readClaim } from "@/lib/snapshots/claim.server";
import { endSnapshot } from "@/lib/snapshots/finish.server";
import { moveStep, recordBaseImage, recordContainer, recordImage } from "@/lib/snapshots/progress.server";
import type { StepName } from "@/lib/snapshots/steps";
import type { Engine, ImageFacts, Ownership } from "@/worker/containers/types";
import { deliverSecrets, SECRETS_FOLDER } from "@/worker/secrets/deliver";
import { refuseLeak } from "@/worker/secrets/leak";
import { openSecrets } from "@/worker/secrets/take";
import { refuseBadEnd } from "./bad-end";
import { Stopped } from "./failures";
import { ClaimLost, type LogWriter } from "./log-writer";
import { captureComment, containerPlan, describeLimits, imageReference, isTry, megabytes } from "./plan";
import { PLAN_SECONDS, type Program, planPrograms } from "./programs";
import { runContainer } from "./run-container";
import { SCRIPT_FOLDER, SCRIPT_PATH } from "./setup-command";
import { SetupTime } from "./setup-time";

const CHECK_SECONDS = 300;

export interface Build {
  claimed: ClaimedSnapshot;
  engine: Engine;
  log: LogWriter;
  installation: string;
  /** Told at each step, for whoever names the step of a failure. */
  onStep: (step: StepName) => void;
  /** Aborts with a `StopReason`. */
  signal: AbortSignal;
}

/** What the caller tears down, whatever happened. */
export interface Remains {
  containers: string[];
  /** Images between two programs, in the order in which they were made. */
  layers: string[];
  imageId: string | null;
  /** What it was made from: nothing that is kept of it may hold one of the secrets. */
  given: { baseImage: string; secrets: readonly SecretValue[] } | null;
}

/**
 * Runs all steps up to `ready`.
 * @param remains is filled while it goes, so that a throw loses nothing.
 * @throws StepFailed, EngineError, ClaimLost, or the signal's reason.
 */
export async function build(
  { claimed, engine, log, installation, onStep, signal }: Build,
  remains: Remains,
): Promise<void> {
  const { claim, spec } = claimed;
  const owned = (kind: Ownership["kind"]): Ownership => ({
    installation,
    kind,
    owner: claim.snapshotId,
    attempt: claim.attempt,
    worker: claim.workerId,
  });

  const base = await step("base-image", async () => {
    log.say(`Base image ${spec.baseImage}`);
    const image = await engine.resolveImage(spec.baseImage, (line) => log.say(line), signal);
    await write(() => recordBaseImage(claim, image));
    log.say(`Resolved to ${image.digest ?? image.id} (${megabytes(image.sizeBytes)})`);
    return image;
  });

  const programs = planPrograms(spec);
  const setupTime = new SetupTime(spec.timeouts.setupSeconds);
  let secrets: SecretValue[] = [];
  let container = await step("files", async () => {
    secrets = await openSecrets(claimed, installation, signal);
    log.mask(secrets);
    remains.given = { baseImage: base.id, secrets };
    const id = await prepare(base.id, 0);
    log.say(`Sandbox ${id.slice(0, 12)} with ${describeLimits(spec)}`);
    const files = spec.files.map(({ path, content, mode }) => ({
      path,
      content,
      mode: Number.parseInt(mode, 8),
    }));
    if (files.length > 0) await engine.writeFiles(id, files);
    for (const file of spec.files)
      log.say(`Wrote ${file.path} (${Buffer.byteLength(file.content)} bytes, mode ${file.mode})`);
    return id;
  });
  const nothingToSetUp = spec.setupScript.trim() === "";
  for (const [index, program] of programs.entries()) {
    if (nothingToSetUp && program.step === "setup") break;
    container = await step(program.step, async () => {
      const id = index === 0 ? container : await prepare(await keepLayer(container), index);
      log.say(program.intro);
      await run(program, id);
      return id;
    });
  }
  if (nothingToSetUp) {
    await skip("setup", "No setup script");
    const [first] = programs;
    // Only what has run can be captured; the script says nothing.
    if (first?.step === "setup") await run(first, container);
  }

  const image = await step("capture", async () => {
    const reference = imageReference(claimed);
    const captured = await engine.capture(container, {
      reference,
      base,
      ownership: { installation, kind: "snapshot", owner: claim.snapshotId },
      comment: captureComment(claimed.number),
    });
    remains.imageId = captured.id;
    await write(() => recordImage(claim, { id: captured.id, reference, sizeBytes: captured.sizeBytes }));
    log.say(
      `Captured ${reference} (${megabytes(captured.sizeBytes)}, ${megabytes(captured.sizeBytes - base.sizeBytes)} over the base image)`,
    );
    if (secrets.length > 0) log.say(`Searching the image for ${secrets.map(({ name }) => name).join(", ")}`);
    if (secrets.length > 0) await refuseLeak(engine, { image: captured.id, base: base.id, secrets }, signal);
    return captured;
  });

  if (spec.check.trim() === "") await skip("check", "No check command");
  else await step("check", () => check(image));

  await step("promote", async () => {
    log.say(isTry(claimed) ? "The draft builds. Its image isn't kept" : "Ready: new sessions can start");
    await log.flush();
    // Not until the signal: the notification of the promotion itself may say that the claim is over.
    if (!(await insist(() => endSnapshot({ claim }, { status: "ready" }, [])))) await refused();
    if (!isTry(claimed)) remains.imageId = null;
  });

  /** Returns when it is ready all the same: only the answer was lost (F15). */
  async function refused(): Promise<void> {
    const row = await insist(() => readClaim(claim));
    if (row?.status === "ready") return;
    // The row settles a cancellation that arrives at this very moment: it can't become ready then (F08).
    if (row?.status === "running" && row.cancelRequestedBy)
      throw new Stopped({ kind: "cancelled", by: row.cancelRequestedBy });
    throw new ClaimLost("the snapshot was taken over before it was promoted");
  }

  async function prepare(image: string, index: number): Promise<string> {
    const { command, user, script, takesSecrets } = programAt(index);
    const plan = containerPlan(claimed, {
      image,
      kind: "build",
      command,
      user,
      index,
      ownership: owned("build"),
    });
    const memory = takesSecrets ? { memoryPaths: [SECRETS_FOLDER] } : {};
    const id = await engine.createContainer({ ...plan, volatilePaths: [SCRIPT_FOLDER], ...memory });
    remains.containers.push(id);
    await write(() => recordContainer(claim, id));
    if (script !== null) await engine.writeFiles(id, [{ path: SCRIPT_PATH, content: script, mode: 0o755 }]);
    return id;
  }

  function programAt(index: number): Program {
    const program = programs[index];
    if (!program) throw new Error(`the plan has no program ${index}`);
    return program;
  }

  async function run(program: Program, id: string): Promise<void> {
    const giveSecrets = program.takesSecrets
      ? () => deliverSecrets(engine, id, program.user, secrets)
      : undefined;
    const result = await (program.budget === "setup"
      ? setupTime.spend(() => runContainer(engine, id, log, setupTime.leftSeconds, signal, giveSecrets))
      : runContainer(engine, id, log, PLAN_SECONDS, signal));
    signal.throwIfAborted();
    refuseBadEnd(result, {
      code: program.code,
      what: program.what,
      limitSeconds: program.budget === "setup" ? spec.timeouts.setupSeconds : PLAN_SECONDS,
      explain: program.explain,
    });
  }

  /** An image without a name, for the next program to start from; the sweep knows it by its labels. */
  async function keepLayer(id: string): Promise<string> {
    const layer = await engine.capture(id, {
      reference: null,
      base,
      ownership: { installation, kind: "snapshot", owner: claim.snapshotId },
      comment: captureComment(claimed.number),
    });
    remains.layers.push(layer.id);
    return layer.id;
  }

  async function check(captured: ImageFacts): Promise<void> {
    log.say(`Check in a fresh sandbox: ${spec.check.trim().split("\n")[0] ?? ""}`);
    const plan = containerPlan(claimed, {
      image: captured.id,
      kind: "check",
      command: ["/bin/sh", "-c", spec.check],
      ownership: owned("check"),
    });
    const id = await engine.createContainer({ ...plan, volatilePaths: [] });
    remains.containers.push(id);
    const result = await runContainer(engine, id, log, CHECK_SECONDS, signal);
    signal.throwIfAborted();
    refuseBadEnd(result, { code: "check_failed", what: "The check", limitSeconds: CHECK_SECONDS });
  }

  async function step<T>(name: StepName, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    onStep(name);
    log.enter(name);
    await write(() => moveStep(claim, name, "running", log.nextLine));
    const result = await work();
    // The last step's row is settled together with the snapshot's.
    if (name !== "promote") await write(() => moveStep(claim, name, "done"));
    return result;
  }

  async function skip(name: StepName, reason: string): Promise<void> {
    signal.throwIfAborted();
    onStep(name);
    log.enter(name);
    log.say(reason);
    await write(() => moveStep(claim, name, "skipped", log.nextLine - 1));
  }

  /** I4: a guarded write that found no row means that this worker has lost its claim. */
  async function write(guarded: () => Promise<boolean>): Promise<void> {
    if (!(await insist(guarded, signal))) throw new ClaimLost("the claim on this snapshot is lost");
  }
}
