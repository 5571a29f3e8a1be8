/** What counts as a bad end of something that ran, and how each is told. */
import type { Failure } from "@/lib/snapshots/failure";
import { exitSentence, StepFailed } from "./failures";
import type { RunResult } from "./run-container";

/** @throws StepFailed unless it ended by itself, within its limits, with exit code 0. */
export function refuseBadEnd(
  result: RunResult,
  {
    code,
    what,
    limitSeconds,
    explain = (exitCode) => exitSentence(what, exitCode),
  }: {
    code: Extract<Failure["code"], "setup_failed" | "plan_failed" | "check_failed">;
    what: string;
    limitSeconds: number;
    explain?: (exitCode: number, said: string) => string;
  },
): void {
  const { exitCode } = result;
  if (result.timedOut)
    throw new StepFailed({
      code: code === "setup_failed" ? "setup_timed_out" : code,
      message: `${code === "setup_failed" ? "The setup script" : what} ran longer than ${limitSeconds} s and was killed.`,
      exitCode: null,
    });
  // The engine's flag, not only the code: a script can go on after a child was killed (F10).
  if (result.outOfMemory)
    throw new StepFailed({
      code: "out_of_memory",
      message: `${what} used more memory than its limit, and the kernel killed a process of it.`,
      exitCode,
    });
  if (exitCode !== 0) throw new StepFailed({ code, message: explain(exitCode, result.said), exitCode });
}
