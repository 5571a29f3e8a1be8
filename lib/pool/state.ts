/** The life of a sandbox that is started ahead, as one table; see lib/snapshots/state.ts for how stores use it. */
export const warmStatuses = ["starting", "ready", "claimed", "given", "retiring"] as const;
export type WarmStatus = (typeof warmStatuses)[number];

const transitions: Record<WarmStatus, readonly WarmStatus[]> = {
  starting: ["ready", "retiring"],
  ready: ["claimed", "retiring"],
  // A session has it, and no worker has looked at it since. Retiring: it turned out to be dead, and the session starts normally.
  claimed: ["given", "retiring"],
  // It is its session's container like any other. The row goes with it.
  given: [],
  // Its container is removed, then the row.
  retiring: [],
};

export function canMove(from: WarmStatus, to: WarmStatus): boolean {
  return transitions[from].includes(to);
}

/** The statuses from which `to` may be entered: the guard of the update that enters it. */
export function sourcesOf(to: WarmStatus): WarmStatus[] {
  return warmStatuses.filter((from) => canMove(from, to));
}

/** It counts as one of its pool. */
export const waitingStatuses = ["starting", "ready"] as const satisfies readonly WarmStatus[];
