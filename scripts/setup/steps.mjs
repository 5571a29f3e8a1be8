/** The lines that a start or a test run prints: what begins, what it is about to install, how long it took. */
const began = performance.now();

let ending = false;

/** From now on a step that fails does so because everything is being stopped: not worth a line. */
export function expectFailures() {
  ending = true;
}

/** @param {number} milliseconds */
export function formatDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, "0")}s`;
}

/** How long this process has been at it. */
export const elapsed = () => formatDuration(performance.now() - began);

/** @param {string} line */
export function print(line = "") {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs one step and prints how long it took. The name of the step that failed goes into the error, because steps
 * run side by side and the last line printed need not be the culprit's.
 * @template T
 * @param {string} name
 * @param {(say: (what: string) => void) => Promise<T>} work `say` announces what is about to happen, or the outcome
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const start = performance.now();
  const label = name.padEnd(16);
  try {
    const result = await work((what) => print(`  · ${label} ${what}`));
    print(`  ✓ ${label} ${formatDuration(performance.now() - start).padStart(7)}`);
    return result;
  } catch (error) {
    if (!ending) print(`  ✗ ${label} ${formatDuration(performance.now() - start).padStart(7)}`);
    if (error instanceof Error && !("step" in error)) Object.assign(error, { step: name });
    throw error;
  }
}
