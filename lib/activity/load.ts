/** The short history that a page draws of a session's load. Pure. */
import type { Activity } from "./wire";

export interface Load {
  at: number;
  /** Cores that were busy since the look before; null at the first look. */
  cores: number | null;
  memoryBytes: number | null;
}

/** Three minutes at a look every three seconds. */
const MOST = 60;

/** Adds a look to the history; the same one twice is added once. */
export function addLook(history: readonly Load[], look: Activity, before: Activity | null): Load[] {
  const at = Date.parse(look.at);
  if (history.at(-1)?.at === at) return [...history];
  const seconds = before ? (at - Date.parse(before.at)) / 1000 : 0;
  const used =
    before && look.cpuSeconds !== null && before.cpuSeconds !== null
      ? look.cpuSeconds - before.cpuSeconds
      : null;
  // A sandbox that was started again counts from nothing.
  const cores = used !== null && seconds > 0 && used >= 0 ? used / seconds : null;
  return [...history, { at, cores, memoryBytes: look.memoryBytes }].slice(-MOST);
}
