/**
 * When a schedule is due. Pure: the clock is an argument. Croner reads the expression and knows the zones; what falls
 * into the hour that a spring day leaves out is due when that hour is over, and what falls into an autumn day's second
 * hour was due in the first, as Vixie's cron has it.
 */
import { Cron } from "croner";
import { changeWithin, DAY, MINUTE, offsetAt } from "./zone";

export interface Times {
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  cron: string;
  /** An IANA name, such as Europe/Berlin. */
  timezone: string;
}

export const MIN_GAP_MINUTES = 5;

/** Two runs that are too close are found within this many: a day has 288 of those that are far enough apart. */
const LOOKED_AT = 300;
/** 29 February is up to eight years away. */
const HORIZON_MS = 9 * 366 * DAY;

/** @throws when the expression or the zone can't be read. */
function reader({ cron, timezone }: Times): Cron {
  return new Cron(cron, { timezone, mode: "5-part", paused: true, catch: false });
}

export const isTimezone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const fields = ["a minute", "an hour", "a day of the month", "a month", "a day of the week"] as const;
const FIVE =
  "Five fields are needed, separated by spaces: minute, hour, day of the month, month, day of the week. “0 3 * * *” is every night at 3.";

/** What is wrong with an expression, for the person who wrote it; null when nothing is. */
export function problemOf(cron: string, now: Date): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== fields.length || parts.some((part) => part === "" || part.startsWith("@")))
    return FIVE;
  const broken = parts.findIndex((_, place) => !reads(parts.map((part, at) => (at === place ? part : "*"))));
  if (broken >= 0) return `“${parts[broken]}” can't be read as ${fields[broken]}.`;
  if (!reads(parts)) return "The expression can't be read.";
  const times = { cron, timezone: "UTC" };
  const [first] = dueAfter(times, now, 1);
  if (!first) return "It is never due: there is no such day.";
  const runs = dueAfter(times, now, LOOKED_AT);
  const tooClose = runs.findIndex(
    (run, place) => place > 0 && run.getTime() - (runs[place - 1]?.getTime() ?? 0) < MIN_GAP_MINUTES * MINUTE,
  );
  if (tooClose > 0) {
    const at = (run: Date | undefined) => run?.toISOString().slice(11, 16);
    return `It is due at ${at(runs[tooClose - 1])} and again at ${at(runs[tooClose])}: leave at least ${MIN_GAP_MINUTES} minutes in between.`;
  }
  return null;
}

/** Croner also takes moments, and `?` for whatever the time is when it reads. */
const known = /^[\da-z*,/#-]+$/i;

function reads(parts: readonly string[]): boolean {
  if (!parts.every((part) => known.test(part))) return false;
  try {
    reader({ cron: parts.join(" "), timezone: "UTC" });
    return true;
  } catch (error) {
    // Croner's own refusals are TypeErrors and RangeErrors.
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

/** The next `count` times after a moment, fewer when there are no more within nine years. @throws for what `problemOf` names. */
export function dueAfter(times: Times, after: Date, count: number): Date[] {
  const cron = reader(times);
  const due: Date[] = [];
  for (let at = cron.nextRun(after); at && due.length < count; at = cron.nextRun(at)) {
    if (at.getTime() - after.getTime() > HORIZON_MS) break;
    due.push(at);
  }
  return due;
}

/** The times after `from` and before `to`, `most` at most. @throws for what `problemOf` names. */
export function dueWithin(times: Times, from: Date, to: Date, most: number): Date[] {
  const cron = reader(times);
  const due: Date[] = [];
  for (let at = cron.nextRun(from); at && at < to && due.length < most; at = cron.nextRun(at)) due.push(at);
  return due;
}

/** How many times fell into the span after `from` up to `to`, counted up to `most`. */
export function dueBetween(times: Times, from: Date, to: Date, most: number): number {
  return dueAfter(times, from, most).filter((at) => at <= to).length;
}

export interface ClockChange {
  /** When the clocks are changed. */
  at: Date;
  /** Runs that the change moves to the end of the hour that is left out, or that it makes happen twice. */
  effect: "moved" | "repeated";
}

/** Changes of the clocks within a year that touch a run. */
export function clockChanges(times: Times, after: Date): ClockChange[] {
  const changes: ClockChange[] = [];
  // As if its zone never changed: what the wall shows.
  const wall = { cron: times.cron, timezone: "UTC" };
  for (const { at, before, then } of offsetChanges(times.timezone, after)) {
    const gap = then - before;
    const shown = (offset: number) => new Date(at.getTime() + offset);
    // From the first moment that the wall leaves out, or shows a second time.
    const [from, to] = gap > 0 ? [shown(before), shown(then)] : [shown(then), shown(before)];
    const touched = dueBetween(wall, new Date(from.getTime() - 1), new Date(to.getTime() - 1), 100);
    if (touched === 0) continue;
    if (gap > 0) changes.push({ at, effect: "moved" });
    else {
      const span = Math.abs(gap);
      const really = dueBetween(
        times,
        new Date(at.getTime() - span - 1),
        new Date(at.getTime() + span - 1),
        200,
      );
      if (really > touched) changes.push({ at, effect: "repeated" });
    }
  }
  return changes;
}

/** When a zone's distance from UTC changes within a year, in milliseconds before and after. */
function offsetChanges(timezone: string, after: Date): Array<{ at: Date; before: number; then: number }> {
  const changes = [];
  const end = after.getTime() + 366 * DAY;
  for (let at = after.getTime(); at < end; at += DAY) {
    const [before, then] = [offsetAt(timezone, at), offsetAt(timezone, at + DAY)];
    if (before === then) continue;
    changes.push({ at: new Date(changeWithin(timezone, at, at + DAY)), before, then });
  }
  return changes;
}
