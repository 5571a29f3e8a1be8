/** What a zone's clocks show, and when they show it. Pure: Intl knows the zones. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
export function offsetAt(timezone: string, at: number): number {
  const parts = clockOf(timezone).formatToParts(at);
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
  return shown - Math.floor(at / 1_000) * 1_000;
}

/** What a zone's clocks show at a moment, as a moment of UTC. */
export const wallAt = (timezone: string, at: number): number => at + offsetAt(timezone, at);

/** The first moment after the clocks were changed between `low` and `high`, which differ in their offset. */
export function changeWithin(timezone: string, low: number, high: number): number {
  const before = offsetAt(timezone, low);
  let [early, late] = [low, high];
  while (late - early > 1_000) {
    const middle = Math.floor((early + late) / 2);
    if (offsetAt(timezone, middle) === before) early = middle;
    else late = middle;
  }
  return Math.floor(late / MINUTE) * MINUTE;
}

/**
 * When a zone's clocks show a time of day. What a spring day leaves out is shown when the hour is over; of an autumn
 * day's two, `which` says which one is meant.
 * @param wall what the clocks show, as a moment of UTC
 */
export function momentOf(timezone: string, wall: number, which: "first" | "last"): number {
  const [before, after] = [offsetAt(timezone, wall - DAY), offsetAt(timezone, wall + DAY)];
  const shown = [wall - before, wall - after].filter((at) => wallAt(timezone, at) === wall);
  if (shown.length > 0) return which === "first" ? Math.min(...shown) : Math.max(...shown);
  return changeWithin(timezone, wall - DAY, wall + DAY);
}

/** Midnight of the day that a zone's calendar shows at a moment. */
export function startOfDay(timezone: string, at: number): number {
  return momentOf(timezone, Math.floor(wallAt(timezone, at) / DAY) * DAY, "first");
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  clocks.set(timezone, clock);
  return clock;
}
