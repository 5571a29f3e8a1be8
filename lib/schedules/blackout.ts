/**
 * When no refresh starts by itself. Pure: the clock is an argument. A window is what its zone's clocks show: from the
 * first time that they show its beginning to the last time that they show its end, so that on an autumn day it isn't
 * over before its time.
 */

import { type BlackoutWindow, MAX_BLACKOUTS } from "./wire";
import { DAY, HOUR, MINUTE, momentOf, wallAt } from "./zone";

/** Nothing is looked for further away: a window comes again every week. */
const HORIZON = 8 * DAY;

/** Clocks are never changed by more. */
const SLACK = 3 * HOUR;

/** One time that a window holds, in milliseconds: from the first up to before the last. */
export interface BlackoutSpan {
  from: number;
  to: number;
  window: BlackoutWindow;
}

export interface Blackout {
  window: BlackoutWindow;
  /** When refreshes may start again: other windows that follow on are counted in. */
  until: Date;
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Monday is 1, Sunday 7. */
const weekdayOf = (wall: number) => new Date(wall).getUTCDay() || 7;

/** Every time that one of these holds between two moments, by its beginning. */
export function blackoutSpans(windows: readonly BlackoutWindow[], from: number, to: number): BlackoutSpan[] {
  return windows
    .flatMap((window) => spansOf(window, from, to))
    .toSorted((one, other) => one.from - other.from || other.to - one.to);
}

function spansOf(window: BlackoutWindow, from: number, to: number): BlackoutSpan[] {
  const { timezone, days } = window;
  const [begins, ends] = [minutesOf(window.from) * MINUTE, minutesOf(window.to) * MINUTE];
  const spans: BlackoutSpan[] = [];
  const [first, last] = [wallAt(timezone, from), wallAt(timezone, to)];
  // One that began the day before may still hold, and a day has up to 25 hours.
  for (let day = Math.floor(first / DAY) * DAY - 2 * DAY; day <= last; day += DAY) {
    const [opens, closes] = [day + begins, day + ends + (ends > begins ? 0 : DAY)];
    // When a wall shows something takes long to find out: not for what is far off, whatever the clocks do.
    if (!days.includes(weekdayOf(day)) || closes + SLACK < first || opens - SLACK > last) continue;
    const span = {
      from: momentOf(timezone, opens, "first"),
      to: momentOf(timezone, closes, "last"),
      window,
    };
    if (span.to > from && span.from <= to && span.to > span.from) spans.push(span);
  }
  return spans;
}

/** Which of these holds at a moment, by the one that lasts longest, and until when; null when none does. */
export function blackoutIn(spans: readonly BlackoutSpan[], at: number): Blackout | null {
  let longest: BlackoutSpan | null = null;
  for (const span of spans)
    if (span.from <= at && at < span.to && (longest === null || span.to > longest.to)) longest = span;
  if (!longest) return null;
  let until = longest.to;
  // By their beginnings: each that begins before it is over prolongs it.
  for (const span of spans) if (span.from <= until && span.to > until) until = span.to;
  return { window: longest.window, until: new Date(until) };
}

/** Each of a week's windows can follow on once. */
const MAX_FOLLOWS = 8 * MAX_BLACKOUTS;

/** Which window holds at a moment, and until when; null when none does. What follows on is looked for end by end. */
export function blackoutAt(windows: readonly BlackoutWindow[], at: Date): Blackout | null {
  const first = holdingAt(windows, at.getTime());
  if (!first) return null;
  let { until } = first;
  for (let follows = 0; follows < MAX_FOLLOWS && until.getTime() - at.getTime() < HORIZON; follows += 1) {
    const next = holdingAt(windows, until.getTime());
    if (!next) break;
    until = next.until;
  }
  return { window: first.window, until };
}

const holdingAt = (windows: readonly BlackoutWindow[], at: number): Blackout | null =>
  blackoutIn(blackoutSpans(windows, at, at), at);

/** Do these together leave no moment of a week? */
export function leavesNothing(windows: readonly BlackoutWindow[], now: Date): boolean {
  const held = blackoutAt(windows, now);
  return held !== null && held.until.getTime() - now.getTime() >= 7 * DAY;
}
