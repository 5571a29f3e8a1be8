/** Why a snapshot failed: a code for programs, a sentence for people and what to do next. */
import { z } from "zod";

export const failureCodes = [
  "base_image_unavailable",
  "plan_failed",
  "setup_failed",
  "setup_timed_out",
  "out_of_memory",
  "disk_limit_exceeded",
  "capture_failed",
  "check_failed",
  "secret_leaked",
  "worker_lost",
  "engine_unavailable",
  "internal",
] as const;
export const failureCodeSchema = z.enum(failureCodes);
export type FailureCode = z.infer<typeof failureCodeSchema>;

export interface Failure {
  code: FailureCode;
  /** A whole sentence: what happened. */
  message: string;
  /** The name of the step that failed. */
  step: string | null;
  exitCode: number | null;
}

const hints: Record<FailureCode, string> = {
  base_image_unavailable:
    "Check the image's name and tag, and that the engine can reach its registry. Then refresh.",
  plan_failed: "Mend the part of the plan that is named above in a new draft, then publish it.",
  setup_failed:
    "Inspect the setup script and output, then refresh. A change of the script needs a new version.",
  setup_timed_out:
    "Look in the log for what the script was waiting for, or raise the setup time limit in a new version.",
  out_of_memory: "Raise the memory limit in a new version, or let the script use less at once.",
  disk_limit_exceeded:
    "If a limit was passed, raise it in a new version or delete what the script downloads. If the engine's disk is full, make room on it. Then refresh.",
  capture_failed: "Look at the engine's free disk space and its own log, then refresh.",
  check_failed:
    "Run the check by hand in a sandbox of an older snapshot, or mend the check in a new version.",
  secret_leaked: "Remove the secret from the file that is named above, and rotate it. Then refresh.",
  worker_lost: "Look at why the worker ended (memory, a restart of its machine), then refresh.",
  engine_unavailable: "Start the container engine of the host, or look at its log. Then refresh.",
  internal: "Refresh. If it fails again, the worker's log has the details under the snapshot's id.",
};

/** The same for a draft that was tried: there is nothing to refresh, and no version to make first. */
const hintsOfTry: Record<FailureCode, string> = {
  base_image_unavailable:
    "Check the image's name and tag, and that the engine can reach its registry. Then try again.",
  plan_failed: "Mend the part of the draft that is named above, then try again.",
  setup_failed: "Inspect the output, mend the setup script in the draft, then try again.",
  setup_timed_out:
    "Look in the log for what the script was waiting for, or raise the setup time limit. Then try again.",
  out_of_memory: "Raise the memory limit, or let the script use less at once. Then try again.",
  disk_limit_exceeded: "Raise the disk limit, or delete what the script downloads. Then try again.",
  capture_failed: "Look at the engine's free disk space and its own log, then try again.",
  check_failed: "Mend the check, or what it found missing. Then try again.",
  secret_leaked: "Remove the secret from the file that is named above, and rotate it. Then try again.",
  worker_lost: "Look at why the worker ended (memory, a restart of its machine), then try again.",
  engine_unavailable: "Start the container engine of the host, or look at its log. Then try again.",
  internal: "Try again. If it fails again, the worker's log has the details under the snapshot's id.",
};

/** What the person who reads the failure should do next. */
export function hintFor(code: FailureCode, isTry = false): string {
  return (isTry ? hintsOfTry : hints)[code];
}
