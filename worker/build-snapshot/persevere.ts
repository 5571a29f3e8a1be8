/**
 * A build doesn't end because its engine was away for a while, or because a container was lost with it: it goes on
 * when the engine answers again, and what is gone is done again, a bounded number of times (F17).
 */
import { setTimeout as delay } from "node:timers/promises";
import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { beginAgain, readProgress } from "@/lib/snapshots/progress.server";
import { type Engine, EngineError } from "@/worker/containers/types";
import { build } from "./build";
import type { Build, Remains } from "./context";
import { StepFailed, StepLost } from "./failures";
import { OutputLost } from "./known-output";

const RETRY_MS = 500;
const MOST_OUTAGES = 20;

/** @throws as `build`, when waiting and doing again are of no use. */
export async function persevere(given: Build, remains: Remains): Promise<void> {
  const { claimed, engine, log, signal } = given;
  let lastStep: Parameters<Build["onStep"]>[0] = "base-image";
  const onStep: Build["onStep"] = (name) => {
    lastStep = name;
    given.onStep(name);
  };
  let { progress } = given;
  for (let outages = 0; ; ) {
    try {
      return await build({ ...given, progress, onStep }, remains);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EngineError && error.code === "unavailable" && outages < MOST_OUTAGES) {
        outages += 1;
        await log.leave();
        log.say(`──── The container engine doesn't answer: ${error.message} Waiting for it. ────`);
        if (!(await isBack(engine, signal))) throw error;
        log.say("──── The container engine answers again. ────");
      } else if (error instanceof StepLost || error instanceof OutputLost) {
        const step = error instanceof StepLost ? error.step : lastStep;
        const reason =
          error instanceof StepLost ? error.reason : `Some of its output is lost: ${error.message}.`;
        await log.leave();
        const attempt = await insist(() => beginAgain(claimed.claim, step), signal);
        if (attempt === null)
          throw new StepFailed({
            code: "engine_unavailable",
            message: `${reason} It was not the first time.`,
            exitCode: null,
          });
        const again = step === null ? "All steps are done again" : "The step is done again";
        log.say(`──── Attempt ${claimed.claim.attempt} was lost. ${reason} ${again}. ────`);
        await log.leave();
        // From here on what is written belongs to the new attempt; the fence is the same.
        claimed.claim.attempt = attempt;
      } else throw error;
      progress = await insist(() => readProgress(claimed.claim), signal);
    }
  }
}

async function isBack(engine: Engine, signal: AbortSignal): Promise<boolean> {
  const until = Date.now() + env().KILN_ENGINE_SECONDS * 1000;
  while (Date.now() < until) {
    signal.throwIfAborted();
    try {
      await engine.identify();
      return true;
    } catch (error) {
      if (!(error instanceof EngineError && error.code === "unavailable")) throw error;
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return false;
}
