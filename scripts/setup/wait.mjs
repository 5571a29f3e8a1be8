import { setTimeout as pause } from "node:timers/promises";

/**
 * Asks again and again until the answer is there. Every wait has a deadline.
 * @template T
 * @param {() => T | Promise<T>} ask answers something truthy when it is so
 * @param {{ deadlineMs: number, everyMs?: number }} options
 * @returns {Promise<T | null>} null when the deadline passed
 */
export async function waitFor(ask, { deadlineMs, everyMs = 100 }) {
  const end = performance.now() + deadlineMs;
  while (true) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() >= end) return null;
    await pause(everyMs);
  }
}
