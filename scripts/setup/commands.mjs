/** Commands that run to their end: with a deadline, their output in a log file, and its tail in the error. */
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { identify } from "./identity.mjs";
import { root } from "./paths.mjs";
import { sendSignal } from "./stop-process.mjs";
import { waitFor } from "./wait.mjs";

/**
 * @typedef {object} CommandOptions
 * @property {number} [deadlineMs] 10 minutes unless given
 * @property {NodeJS.ProcessEnv} [env] the whole environment; this process's unless given
 * @property {string} [cwd]
 * @property {string} [log] a file that the output is appended to
 * @property {boolean} [show] whether the output also goes to the terminal
 * @property {number} [uid]
 * @property {number} [gid]
 */

/** Why a command failed, with the last lines that it printed. */
export class CommandFailed extends Error {
  /** @param {string} message @param {string} output */
  constructor(message, output) {
    super(message);
    this.output = output;
    this.tail = output.split("\n").slice(-25).join("\n");
  }
}

/** @type {Map<number, import("./identity.mjs").Identity>} */
const running = new Map();
/** @type {(identities: import("./identity.mjs").Identity[]) => void} */
let onChange = () => undefined;

/** @param {typeof onChange} listener is told which commands run, so that they can be found after a crash */
export function watchCommands(listener) {
  onChange = listener;
}

/** Ends every command that runs, with its children: they get a moment, because a package manager needs one. */
export async function endCommands() {
  for (const pid of running.keys()) sendSignal(-pid, "SIGTERM");
  await waitFor(() => running.size === 0, { deadlineMs: 5_000 });
  killCommands();
}

/** Kills every command that runs at once. */
export function killCommands() {
  for (const pid of running.keys()) sendSignal(-pid, "SIGKILL");
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} its standard output
 * @throws {CommandFailed}
 */
export function run(command, args, options = {}) {
  const { deadlineMs = 600_000, env = process.env, cwd = root, log, show = false, uid, gid } = options;
  const title = [command.split("/").at(-1), ...args].join(" ").slice(0, 120);
  return new Promise((resolve, reject) => {
    // A group of its own: Ctrl-C reaches only this process, which then ends the group, grandchildren included.
    const child = spawn(command, args, {
      cwd,
      env,
      uid,
      gid,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    let overdue = false;
    const timer = setTimeout(() => {
      overdue = true;
      if (child.pid) sendSignal(-child.pid, "SIGKILL");
    }, deadlineMs);
    if (child.pid) note(child.pid, true);

    /** @param {string} text @param {boolean} isStdout */
    const take = (text, isStdout) => {
      if (isStdout) stdout += text;
      output += text;
      if (log) appendFileSync(log, text);
      if (show) process.stdout.write(text);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => take(text, true));
    child.stderr.setEncoding("utf8").on("data", (text) => take(text, false));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new CommandFailed(`${title}: ${error.message}`, output));
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (child.pid) note(child.pid, false);
      if (code === 0) return resolve(stdout);
      const seconds = Math.round(deadlineMs / 1000);
      const how = overdue ? `did not end within ${seconds} s` : `ended with ${signal ?? `code ${code}`}`;
      reject(new CommandFailed(`${title} ${how}.`, output));
    });
  });
}

/** @param {number} pid @param {boolean} runs */
function note(pid, runs) {
  if (runs) running.set(pid, identify(pid));
  else running.delete(pid);
  onChange([...running.values()]);
}

/**
 * Whether a command can be found and answers 0.
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} [options]
 */
export async function succeeds(command, args, options = {}) {
  try {
    await run(command, args, { deadlineMs: 15_000, ...options });
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}
