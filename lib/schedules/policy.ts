/** Whether a schedule that is due starts a refresh. Pure: what is known of its version is an argument. */

/** After so many failures in a row it runs less often; after so many it stops by itself. */
export const BACKS_OFF_AFTER = 3;
export const PAUSES_AFTER = 6;
/** Schedules of the same minute start within so many seconds. */
export const SPREAD_SECONDS = 30;

export interface DueFacts {
  archived: boolean;
  /** The number of a newer version that new sessions start from. */
  supersededBy: number | null;
  /** Who paused all background refreshes, and why. */
  background: { by: string; reason: string } | null;
  /** When the blackout that holds is over. */
  blackoutUntil: Date | null;
  /** Snapshots that failed one after the other, up to the newest that ended. */
  failures: number;
  /** Times that were left out since the last one that wasn't. */
  leftOut: number;
}

export type Decision =
  | { kind: "run" }
  | { kind: "skip"; reason: string }
  /** Not decided before then. */
  | { kind: "putOff"; until: Date }
  /** Skipped, and so is every later one until a person says so. */
  | { kind: "pause"; reason: string };

/** The first reason against it counts. */
export function decide(facts: DueFacts): Decision {
  const { archived, supersededBy, background, blackoutUntil, failures, leftOut } = facts;
  if (archived) return { kind: "skip", reason: "The profile is archived." };
  if (supersededBy !== null)
    return { kind: "skip", reason: `New sessions start from version ${supersededBy}.` };
  if (background) {
    const why = background.reason === "" ? "" : `: ${background.reason}`;
    return { kind: "skip", reason: `${background.by} paused all background refreshes${why}` };
  }
  if (blackoutUntil) return { kind: "putOff", until: blackoutUntil };
  if (failures >= PAUSES_AFTER)
    return {
      kind: "pause",
      reason: `${failures} refreshes in a row failed. Mend what is wrong, then resume the schedule.`,
    };
  const remaining = restsAfter(failures) - leftOut;
  if (remaining > 0) {
    const times = remaining === 1 ? "the next time" : `in ${remaining} times`;
    return { kind: "skip", reason: `${failures} refreshes in a row failed: it tries again ${times}.` };
  }
  return { kind: "run" };
}

/** How many times are left out after so many failures in a row: 1, 3, 7. */
export function restsAfter(failures: number): number {
  return failures < BACKS_OFF_AFTER ? 0 : 2 ** (failures - BACKS_OFF_AFTER + 1) - 1;
}

/**
 * How many failures are the newest of these, newest first. What was cancelled or lost its host says nothing about
 * the version.
 */
export function failuresInRow(statuses: readonly string[]): number {
  const told = statuses.filter((status) => status === "failed" || status === "ready" || status === "removed");
  const end = told.findIndex((status) => status !== "failed");
  return end < 0 ? told.length : end;
}

/** By how much a schedule's start is put off, in milliseconds: always the same for the same version, below 30 s. */
export function spreadOf(versionId: string): number {
  let hash = 0;
  for (const char of versionId) hash = (hash * 31 + char.charCodeAt(0)) >>> 0;
  return hash % (SPREAD_SECONDS * 1_000);
}
