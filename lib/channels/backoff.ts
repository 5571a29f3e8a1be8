/** When a message that could not be delivered is tried again: the intervals that Standard Webhooks recommends. */
const MINUTE = 60;
const delays = [5, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 300 * MINUTE, 600 * MINUTE, 840 * MINUTE];

/** @param attempts how many there were @returns seconds, or null when it is given up */
export function retryAfter(attempts: number): number | null {
  return delays[attempts - 1] ?? null;
}
