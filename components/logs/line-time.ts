/** How the time of a line is written: since the start, or by the clock. */

export const timeModes = ["off", "elapsed", "local", "utc"] as const;
export type TimeMode = (typeof timeModes)[number];

const two = (value: number) => String(value).padStart(2, "0");

/** `0:03.4`, `12:41.0`, `1:02:03.4`. */
export function formatElapsed(milliseconds: number): string {
  const tenths = Math.max(0, Math.floor(milliseconds / 100));
  const seconds = Math.floor(tenths / 10);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const tail = `${two(seconds % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${tail}` : `${minutes}:${tail}`;
}

/** @param start when the build began. */
export function formatLineTime(at: string, mode: Exclude<TimeMode, "off">, start: number): string {
  const date = new Date(at);
  if (mode === "elapsed") return formatElapsed(date.getTime() - start);
  if (mode === "utc") return `${date.toISOString().slice(11, 19)}Z`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
