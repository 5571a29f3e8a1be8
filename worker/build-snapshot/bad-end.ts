/** What counts as a bad end of something that ran, and how each is told. */
import type { Spec } from "@/lib/profiles/spec";
import { saysCrowded } from "@/lib/snapshots/advice";
import type { Failure } from "@/lib/snapshots/failure";
import type { StepName } from "@/lib/snapshots/steps";
import { type DiskOverrun, overrunSentence } from "./disk-watch";
import { exitSentence, StepFailed } from "./failures";
import type { RunResult } from "./run-container";

/** @throws StepFailed `disk_limit_exceeded` when there is one, at the step that is named where another one is at work by now. */
export function refuseOverrun(what: string, overrun: DiskOverrun | null, step?: StepName): void {
  if (overrun)
    throw new StepFailed({
      code: "disk_limit_exceeded",
      message: overrunSentence(what, overrun),
      exitCode: null,
      ...(step ? { step } : {}),
    });
}

/** @throws StepFailed `out_of_memory`, at the step that is named where another one is at work by now. */
export function refuseOutOfMemory(
  outOfMemory: boolean,
  { what, exitCode = 0, step }: { what: string; exitCode?: number; step?: StepName },
  limits: Spec["resources"],
): void {
  if (outOfMemory)
    throw new StepFailed({
      code: "out_of_memory",
      message: `${what} used more memory than its limit of ${limits.memoryMb} MB, and the kernel killed a process of it.`,
      exitCode,
      ...(step ? { step } : {}),
    });
}

/** @throws StepFailed unless it ended by itself, within its limits, with exit code 0. */
export function refuseBadEnd(
  result: RunResult,
  {
    code,
    what,
    timed = what,
    limitSeconds,
    limits,
    explain = (exitCode) => exitSentence(what, exitCode),
  }: {
    code: Extract<Failure["code"], "setup_failed" | "plan_failed" | "check_failed">;
    what: string;
    timed?: string;
    limitSeconds: number;
    limits: Spec["resources"];
    explain?: (exitCode: number, said: string) => string;
  },
): void {
  const { exitCode } = result;
  // First: whatever else is wrong with it may come of that.
  refuseOverrun(what, result.disk);
  if (result.timedOut)
    throw new StepFailed({
      code: code === "setup_failed" ? "setup_timed_out" : code,
      message: `${timed} ran longer than ${limitSeconds} s and was killed.`,
      exitCode: null,
    });
  // The engine's flag, not only the code: a script can go on after a child was killed (F10).
  refuseOutOfMemory(result.outOfMemory, { what, exitCode }, limits);
  if (exitCode === 0) return;
  const crowded = saysCrowded(result.said) ? ` It met its limit of ${limits.pids} processes.` : "";
  throw new StepFailed({ code, message: explain(exitCode, result.said) + crowded, exitCode });
}
