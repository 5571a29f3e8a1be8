/** Blackouts in words. Pure. */
import type { Blackout } from "./blackout";
import type { BlackoutWindow } from "./wire";

export const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** "Mon–Fri", "Mon, Wed, Sat", "Every day". */
export function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((one, other) => one - other);
  if (sorted.length === 7) return "Every day";
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end + 1 < sorted.length && sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const names = sorted.slice(at, end + 1).map((day) => dayNames[day - 1] ?? "");
    parts.push(...(names.length > 2 ? [`${names.at(0)}–${names.at(-1)}`] : names));
    at = end + 1;
  }
  return parts.join(", ");
}

/** "Mon–Fri 08:00–18:00, Europe/Berlin". */
export const windowWords = ({ days, from, to, timezone }: BlackoutWindow): string =>
  `${daysWords(days)} ${from}–${to}, ${timezone}`;

/** "Mon–Fri 08:00–18:00, Europe/Berlin: office hours". */
export const blackoutWords = (window: BlackoutWindow): string =>
  `${windowWords(window)}${window.reason === "" ? "" : `: ${window.reason}`}`;

/** "18:00 (Europe/Berlin)"; on another day than `now`'s with that day. */
export function untilWords({ window, until }: Blackout, now: Date): string {
  const { timezone: timeZone } = window;
  const day = (at: Date) =>
    at.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone });
  const clock = until.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
  return `${day(until) === day(now) ? "" : `${day(until).replace(",", "")}, `}${clock} (${timeZone})`;
}

/** "Blackout until 18:00 (Europe/Berlin): office hours". */
export function holdsWords(blackout: Blackout, now: Date): string {
  const { reason } = blackout.window;
  return `Blackout until ${untilWords(blackout, now)}${reason === "" ? "" : `: ${reason}`}`;
}
