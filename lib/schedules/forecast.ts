/**
 * How long what is due will wait, and when it will be ready. Pure: a queue in the order of its starts, with the places
 * that the workers have and the starts that a minute takes. What people ask for meanwhile can't be foretold.
 */
import { HOUR, MINUTE } from "./zone";

/** A build of which nothing is known takes this long here; when it is ready isn't said then. */
export const ASSUMED_SECONDS = 60;

export interface PlannedRun {
  versionId: string;
  /** By the expression. */
  dueAt: number;
  /** A little later, or when a blackout is over. */
  startsAt: number;
  /** How long its build takes; null when that isn't known. */
  seconds: number | null;
}

export interface Forecast<Run extends PlannedRun> {
  run: Run;
  /** When it has its place in a worker. */
  beginsAt: number;
  endsAt: number;
}

/** What the workers can take. */
export interface Capacity {
  slots: number;
  /** Scheduled refreshes that are started within a minute. */
  startsPerMinute: number;
}

/**
 * When each begins and ends, in the order of their starts. One that is due while the same version's is still on its
 * way joins that, and isn't in the answer.
 */
export function forecast<Run extends PlannedRun>(
  runs: readonly Run[],
  { slots, startsPerMinute }: Capacity,
): Forecast<Run>[] {
  const free = new Earliest(Math.max(1, slots));
  const lately = new Map<string, { queuedAt: number; endsAt: number }>();
  const started: number[] = [];
  const answer: Forecast<Run>[] = [];
  for (const run of runs.toSorted((one, other) => one.startsAt - other.startsAt)) {
    const before = started.at(-startsPerMinute);
    const queuedAt = Math.max(run.startsAt, started.length < startsPerMinute ? 0 : (before ?? 0) + MINUTE);
    const last = lately.get(run.versionId);
    // One that starts late stands for all that were due until then.
    if (last && (last.queuedAt >= run.startsAt || last.endsAt > queuedAt)) continue;
    started.push(queuedAt);
    const beginsAt = Math.max(queuedAt, free.first());
    const endsAt = beginsAt + (run.seconds ?? ASSUMED_SECONDS) * 1_000;
    free.replaceFirst(endsAt);
    lately.set(run.versionId, { queuedAt, endsAt });
    answer.push({ run, beginsAt, endsAt });
  }
  return answer;
}

/** When each place is free again, the earliest first: a binary heap of a fixed size. */
class Earliest {
  readonly #at: number[];
  constructor(size: number) {
    this.#at = Array.from({ length: size }, () => 0);
  }

  first(): number {
    return this.#at[0] ?? 0;
  }

  replaceFirst(at: number): void {
    const heap = this.#at;
    let place = 0;
    // Down a level each time.
    while (2 * place + 1 < heap.length) {
      const left = 2 * place + 1;
      const child = (heap[left + 1] ?? Number.POSITIVE_INFINITY) < (heap[left] ?? 0) ? left + 1 : left;
      const below = heap[child] ?? Number.POSITIVE_INFINITY;
      if (below >= at) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = at;
  }
}

export interface HourLoad {
  at: number;
  /** Builds that begin in it. */
  runs: number;
  /** How much of all places is taken, from 0 to 1. */
  busy: number;
}

/** The load of so many hours from a moment on. */
export function loadByHour(
  runs: ReadonlyArray<{ beginsAt: number; endsAt: number }>,
  { from, hours, slots }: { from: number; hours: number; slots: number },
): HourLoad[] {
  const load = Array.from({ length: hours }, (_, each) => ({ at: from + each * HOUR, runs: 0, busy: 0 }));
  for (const { beginsAt, endsAt } of runs) {
    const first = Math.floor((beginsAt - from) / HOUR);
    const begun = load[first];
    if (begun) begun.runs += 1;
    const last = Math.min(hours - 1, Math.floor((endsAt - 1 - from) / HOUR));
    for (let each = Math.max(0, first); each <= last; each += 1) {
      const hour = load[each];
      if (hour) hour.busy += Math.min(endsAt, hour.at + HOUR) - Math.max(beginsAt, hour.at);
    }
  }
  const all = Math.max(1, slots) * HOUR;
  return load.map((hour) => ({ ...hour, busy: Math.min(1, hour.busy / all) }));
}
