/**
 * Prepares one snapshot: one straight function from the base image to the promotion. It can be entered again at any
 * point: what is done of it stands in the rows, and what runs goes on (F01, F17).
 */
import { insist } from "@/lib/db/insist.server";
import { keepLayer } from "@/lib/layers/store.server";
import { readClaim } from "@/lib/snapshots/claim.server";
import { endSnapshot } from "@/lib/snapshots/finish.server";
import { readyWords } from "@/lib/snapshots/ready-words";
import type { ImageFacts } from "@/worker/containers/types";
import { refuseBadEnd, refuseOutOfMemory } from "./bad-end";
import { captureSnapshot } from "./capture-snapshot";
import { type Build, BuildContext, type Remains } from "./context";
import { diskRules } from "./disk-rules";
import { Stopped } from "./failures";
import { ClaimLost } from "./log-writer";
import { origin } from "./origin";
import { containerPlan, isTry } from "./plan";
import { planPrograms } from "./programs";
import { leftOf, runPrograms, sandboxFor } from "./run-programs";
import { runSandbox, sandboxOf } from "./sandbox";
import { startingPoint } from "./start";

const CHECK_SECONDS = 300;

/**
 * Runs all steps up to `ready` that aren't done yet.
 * @param remains is filled while it goes, so that a throw loses nothing.
 * @throws StepFailed, StepLost, EngineError, ClaimLost, OutputLost, or the signal's reason.
 */
export async function build(given: Build, remains: Remains): Promise<void> {
  const context = new BuildContext(given, remains);
  const { claimed, log } = given;
  const { claim, hostId, spec } = claimed;

  const base = await origin(context);
  context.startImage = base.id;
  const programs = planPrograms(spec, claimed.builtOn !== null);
  const start = await startingPoint(context, base, programs, async ({ from }) => {
    const [first] = programs;
    if (first) await sandboxFor(context, first, 0, from);
  });
  const outcome = await runPrograms(context, base, programs, start);
  // A script that says nothing has a step all the same, unless an empty one had to run.
  if (!programs.some(({ budget }) => budget === "setup")) context.skip("setup", "No setup script");

  const last = programs.at(-1) ?? { step: "setup" as const, what: "The build" };
  const image = await captureSnapshot(context, { base, outcome, last, secrets: start.secrets });
  if (spec.check.trim() === "") context.skip("check", "No check command");
  else if (!context.isDone("check")) await context.step("check", () => check(image));

  await context.step("promote", async () => {
    const key = start.keys.at(-1);
    // A try's image goes; what its earlier steps left is there for the publish.
    if (key && "container" in outcome && !isTry(claimed))
      context.unsearched.push({ key, imageId: image.id, step: last.step });
    for (const result of context.unsearched.splice(0))
      await context.write(() => keepLayer(claim, { hostId, ...result }));
    await context.settled();
    await log.flush();
    // Not until the signal: the notification of the promotion itself may say that the claim is over.
    if (!(await insist(() => endSnapshot({ claim }, { status: "ready", words: readyWords }, []))))
      await refused();
    if (!isTry(claimed)) remains.imageId = null;
  });

  async function check(captured: ImageFacts): Promise<void> {
    const ownership = context.ownership("check");
    const command = ["/bin/sh", "-c", spec.check];
    const plan = containerPlan(claimed, { image: captured.id, kind: "check", command, ownership });
    const sandbox = await sandboxOf(context, "check", { ...plan, volatilePaths: [] }, async () => undefined);
    if (!sandbox.started) log.say(`Check in a fresh sandbox: ${spec.check.trim().split("\n")[0] ?? ""}`);
    const limitSeconds = leftOf(CHECK_SECONDS, context, "check");
    const disk = diskRules(spec, base);
    const result = await runSandbox(context, sandbox, { step: "check", limitSeconds, disk });
    const limits = spec.resources;
    refuseBadEnd(result, { code: "check_failed", what: "The check", limitSeconds: CHECK_SECONDS, limits });
    refuseOutOfMemory(await result.late, { what: "The check" }, limits);
  }

  /** Returns when it is ready all the same: only the answer was lost (F15). */
  async function refused(): Promise<void> {
    const row = await insist(() => readClaim(claim));
    if (row?.status === "ready") return;
    // The row settles a cancellation that arrives at this very moment: it can't become ready then (F08).
    if (row?.status === "running" && row.cancelRequestedBy)
      throw new Stopped({ kind: "cancelled", by: row.cancelRequestedBy });
    throw new ClaimLost("the snapshot was taken over before it was promoted");
  }
}
