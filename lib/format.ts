/** How times, durations and sizes are written, everywhere. Pure: the clock comes in as an argument. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `0.4s`, `24s`, `1m 24s`, `2h 5m`, `3d 4h`. Whole seconds only when `live`, so that it doesn't flicker. */
export function formatDuration(milliseconds: number, live = false): string {
  const ms = Math.max(0, milliseconds);
  if (ms < SECOND) return live ? "0s" : `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ${Math.floor((ms % MINUTE) / SECOND)}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h ${Math.floor((ms % HOUR) / MINUTE)}m`;
  return `${Math.floor(ms / DAY)}d ${Math.floor((ms % DAY) / HOUR)}h`;
}

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`, `5 mo ago`, `2 y ago`; `in 47 min` for what is to come. */
export function formatAge(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < 2 * SECOND) return "just now";
  // What is to come is rounded: eight hours that began a second ago aren't "in 7 h".
  const unit = distance < MINUTE ? SECOND : distance < HOUR - MINUTE / 2 ? MINUTE : HOUR;
  return at > now ? `in ${age(distance + unit / 2)}` : `${age(distance)} ago`;
}

function age(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  if (ms < 60 * DAY) return `${Math.floor(ms / DAY)} d`;
  if (ms < 365 * DAY) return `${Math.floor(ms / (30 * DAY))} mo`;
  return `${Math.floor(ms / (365 * DAY))} y`;
}

/** `198.7 MB`, `1,204.3 MB`; `12.3 kB` for what would be 0.0 MB. Decimal, as the engine counts. */
export function formatSize(bytes: number): string {
  if (bytes < 50_000) return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
  const megabytes = (bytes / 1_000_000).toLocaleString("en", {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return `${megabytes} MB`;
}

/** A moment to the second in the reader's own time zone, with the zone's name. */
export function formatExact(at: number, timeZone?: string): string {
  return new Date(at).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    ...(timeZone ? { timeZone } : {}),
  });
}

/** `1 session`, `2 sessions`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** The beginning of an image's id or the end of a UUIDv7 (its beginning is the time): enough to tell two apart. */
export function shortId(id: string): string {
  return id.startsWith("sha256:") ? id.slice(7, 19) : id.slice(-8);
}

/** "14:32". */
export function formatClock(at: number, timeZone?: string): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-GB", timeZone ? { ...options, timeZone } : options).format(at);
}

/** A length of time that somebody chose, in words: `15 minutes`, `90 seconds`. */
export function formatSpan(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0
    ? formatCount(seconds / 60, "minute")
    : formatCount(seconds, "second");
}

/** "today 14:32", "tonight 22:00", "tomorrow 03:00", "Sat 03:00" within a week, else "12 Dec 03:00". */
export function formatDayTime(at: number, now: number, timeZone?: string): string {
  const zone = timeZone ? { timeZone } : {};
  const date = (time: number) => new Date(time).toLocaleDateString("en-CA", zone);
  const clock = formatClock(at, timeZone);
  if (date(at) === date(now)) return `${clock >= "18:00" ? "tonight" : "today"} ${clock}`;
  if (date(at) === date(now + DAY)) return `tomorrow ${clock}`;
  const near = at > now && at - now < 6 * DAY;
  const format = near ? ({ weekday: "short" } as const) : ({ day: "numeric", month: "short" } as const);
  return `${new Date(at).toLocaleDateString("en-GB", { ...format, ...zone })} ${clock}`;
}
