/**
 * A process id alone proves nothing after a crash or a power loss: the number may belong to someone else by now.
 * So what is recorded is the id with the moment at which its process began.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ pid: number, began: string }} Identity */

/**
 * When the process began, in a form that only that process has; null when it isn't there (a zombie isn't).
 * @param {number} pid
 * @returns {string | null}
 */
export function beganAt(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (!existsSync("/proc/self/stat")) return beganAtByPs(pid);
  try {
    // The command's name is in brackets and may hold anything, so fields count from the last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

/** @param {number} pid */
function beganAtByPs(pid) {
  try {
    const options = { encoding: /** @type {const} */ ("utf8"), timeout: 5_000 };
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], options).trim() || null;
  } catch {
    return null; // `ps` answers 1 for a process that isn't there.
  }
}

/** @param {unknown} error */
function isGone(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code;
  return code === "ENOENT" || code === "ESRCH";
}

/**
 * @param {number} pid
 * @returns {Identity}
 */
export function identify(pid) {
  return { pid, began: beganAt(pid) ?? "" };
}

/** @param {Identity} identity */
export function isAlive({ pid, began }) {
  return began !== "" && beganAt(pid) === began;
}

/**
 * The command line of a process, or "" when it isn't there.
 * @param {number} pid
 */
export function commandLine(pid) {
  if (!beganAt(pid)) return "";
  if (existsSync("/proc/self/cmdline")) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    } catch (error) {
      if (isGone(error)) return "";
      throw error;
    }
  }
  return execFileSync("ps", ["-o", "command=", "-p", String(pid)], {
    encoding: "utf8",
    timeout: 5_000,
  }).trim();
}
