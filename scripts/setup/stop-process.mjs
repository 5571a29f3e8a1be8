import { isAlive } from "./identity.mjs";
import { waitFor } from "./wait.mjs";

/**
 * Signals a process, or its group with a negative id. That it isn't there any more is fine.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function sendSignal(pid, signal) {
  // 0, 1 and -1 stand for whole groups, or for every process there is: never meant here.
  if (!Number.isInteger(pid) || Math.abs(pid) <= 1) throw new Error(`${pid} is not a process to signal.`);
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
  }
}

/**
 * Ends a process that leads its own group: asks it first, then kills it, then whatever of its group is left.
 * @param {import("./identity.mjs").Identity} identity
 * @param {{ signal?: NodeJS.Signals, graceMs?: number }} [options]
 */
export async function stopProcess(identity, { signal = "SIGTERM", graceMs = 20_000 } = {}) {
  if (!isAlive(identity)) return;
  sendSignal(identity.pid, signal);
  const ended = await waitFor(() => !isAlive(identity), { deadlineMs: graceMs, everyMs: 50 });
  sendSignal(-identity.pid, "SIGKILL");
  if (!ended) await waitFor(() => !isAlive(identity), { deadlineMs: 5_000, everyMs: 50 });
}
