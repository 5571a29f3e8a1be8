/** When many schedules are due within a span. Pure. */
import { dueWithin, type Times } from "./cron";

/** An expression is read anew for each of its times, which is what takes long: so many times of different ones. */
export const MAX_READ = 20_000;
/** Times of all schedules together. */
export const MAX_OCCURRENCES = 200_000;
/** The shortest distance of two times makes no more in a day of 25 hours. */
const MOST_IN_A_DAY = 300;

export interface Occurrence<S> {
  schedule: S;
  at: number;
}

export interface Occurrences<S> {
  found: Occurrence<S>[];
  /** Nothing is counted from then on; null when all is. */
  countedTo: number | null;
}

/**
 * Every time that each is due, day by day: when that is too many, the later days are left out. Schedules of the same
 * expression are read once. Gives way to others after each expression.
 * @param bounds the beginnings of the days, and the end of the last one
 */
export async function occurrencesOf<S extends Times>(
  schedules: readonly S[],
  bounds: readonly number[],
  giveWay: () => Promise<void>,
): Promise<Occurrences<S>> {
  const alike = Map.groupBy(schedules, ({ cron, timezone }) => `${timezone} ${cron}`);
  const found: Occurrence<S>[] = [];
  let read = 0;
  for (const [day, from] of bounds.entries()) {
    const to = bounds[day + 1];
    if (to === undefined) break;
    const before = found.length;
    for (const group of alike.values()) {
      const [first] = group;
      if (!first) continue;
      // From just before, since the beginning of a day is a time of that day.
      const times = dueWithin(first, new Date(from - 1), new Date(to), MOST_IN_A_DAY);
      read += times.length + 1;
      if (read > MAX_READ || found.length + times.length * group.length > MAX_OCCURRENCES)
        // A day that is counted by half would look like a quiet one.
        return { found: found.slice(0, before), countedTo: from };
      for (const at of times) for (const schedule of group) found.push({ schedule, at: at.getTime() });
      await giveWay();
    }
  }
  return { found, countedTo: null };
}
