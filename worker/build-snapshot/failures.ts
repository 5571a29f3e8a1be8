/** From what went wrong to how it is told: a code, a sentence, the step, the exit code. */

import type { Failure } from "@/lib/snapshots/failure";
import type { StepName } from "@/lib/snapshots/steps";
import { EngineError } from "@/worker/containers/types";
import { saysFull } from "./disk-watch";

/** A step that failed in a way that has its own code. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
  /** @param failure names a step when it isn't the one at work. */
  constructor(readonly failure: Omit<Failure, "step"> & { step?: StepName }) {
    super(failure.message);
  }
}

/**
 * What a step ran in, or left, is gone through no fault of its own: the engine was restarted, or somebody removed it.
 * The step can be done again.
 */
export class StepLost extends Error {
  override readonly name = "StepLost";
  /** @param step the step to begin again with; null for all of them. @param reason a sentence. */
  constructor(
    readonly step: StepName | null,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** Why a build was stopped from outside. */
export type StopReason = { kind: "cancelled"; by: string } | { kind: "shutdown" } | { kind: "claim_lost" };

/** A build that learns from its own row that it is to stop, before anybody told it. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  constructor(readonly reason: StopReason) {
    super(reason.kind);
  }
}

/** Exit codes that shells give a meaning of their own. */
const exitMeanings: Record<number, string> = {
  126: "a file could not be executed",
  127: "a command was not found",
  130: "it was interrupted",
  137: "it was killed",
  139: "a program crashed (segmentation fault)",
  143: "it was terminated",
};

export function exitSentence(what: string, exitCode: number): string {
  const meaning = exitMeanings[exitCode];
  return `${what} ended with exit code ${exitCode}${meaning ? `: ${meaning}` : ""}.`;
}

/** What the engine refuses at a step that isn't here is a part of the plan that can't be carried out. */
const engineFailures: Partial<Record<StepName, Failure["code"]>> = {
  "base-image": "base_image_unavailable",
  capture: "capture_failed",
  check: "check_failed",
  promote: "internal",
};

/** `null` when it is a fault of ours, which the caller logs. */
export function failureOf(error: unknown, step: StepName): Failure | null {
  if (error instanceof StepFailed) return { step, ...error.failure };
  if (!(error instanceof EngineError)) return null;
  if (error.code === "unavailable")
    return {
      code: "engine_unavailable",
      message: `The container engine didn't answer: ${error.message}`,
      step,
      exitCode: null,
    };
  // A commit, a layer or a file that found no room on the engine's disk.
  if (saysFull(error.message))
    return { code: "disk_limit_exceeded", message: fullSentence(error.message), step, exitCode: null };
  return { code: engineFailures[step] ?? "plan_failed", message: error.message, step, exitCode: null };
}

const fullSentence = (said: string) => `The engine's disk is full: ${said.replace(/\.?$/, ".")}`;
