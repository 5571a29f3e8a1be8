/** Waiting in tests: for a condition and with a deadline, never for a time. */
import { setTimeout as pause } from "node:timers/promises";
import { lostWorker } from "./lost-workers";

/** What is soon there is seen at once; for the rest, probing takes its time from what is waited for. */
export const FIRST_PROBE_MS = 25;
const LATER_PROBE_MS = 100;
/** A pause is so much of what was waited already. */
const SHARE = 0.1;

/**
 * Probes until the answer is neither null, undefined nor false, and gives it back. A probe that throws is
 * tried again: the database may be away on purpose. Once a worker is lost there is no more waiting.
 * @param slowestMs how far apart probes may be: less for what passes soon
 * @param told resolves when something may have changed, at the latest after that time: probes are as far apart as that
 * @throws Error that names what was waited for, and what the last probe or the lost worker said.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  deadlineMs = 30_000,
  slowestMs = LATER_PROBE_MS,
  told?: (ms: number) => Promise<void>,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    let said: unknown;
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      said = answer;
    } catch (error) {
      said = error;
    }
    const lost = lostWorker();
    if (lost) throw new Error(`Not waited for any longer: ${what}. ${lost}`, { cause: said });
    const waited = performance.now() - started;
    if (waited > deadlineMs)
      throw new Error(`Waited ${deadlineMs / 1000} s in vain: ${what} (at last: ${String(said)})`, {
        cause: said,
      });
    await (told?.(slowestMs) ?? pause(Math.min(slowestMs, Math.max(FIRST_PROBE_MS, waited * SHARE))));
  }
}
