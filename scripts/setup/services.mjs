/**
 * Processes that run for as long as this one does. Each writes its log to a file by itself, so that it doesn't
 * depend on a reader; one that dies is started again, a bounded number of times.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, statSync } from "node:fs";
import { identify } from "./identity.mjs";
import { root } from "./paths.mjs";
import { print } from "./steps.mjs";
import { sendSignal, stopProcess } from "./stop-process.mjs";
import { followWarnings } from "./tail.mjs";

const maxRestarts = 5;
const restartWindowMs = 10 * 60_000;
const maxLogBytes = 20 << 20;
let ending = false;

/** From now on nothing is started again: everything is being stopped. */
export function expectDeaths() {
  ending = true;
}

/**
 * @typedef {object} Launch
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {number} [uid]
 * @property {number} [gid]
 *
 * @typedef {object} ServiceOptions
 * @property {string} name
 * @property {string} log the file that it writes to
 * @property {() => Launch | Promise<Launch>} launch asked at each start, so it can clean up what a crash left
 * @property {NodeJS.Signals} [signal] what asks it to stop; SIGTERM unless given
 * @property {number} [graceMs] how long it may take to stop; 20 s unless given
 * @property {boolean} [quiet] whether its warnings stay off the terminal
 * @property {(child: import("./instance.mjs").Child) => void} [onStart]
 * @property {(sentence: string) => void} [onGiveUp] called when it keeps dying
 *
 * @typedef {Awaited<ReturnType<typeof startService>>} Service
 */

/**
 * Starts it, and again whenever it dies, until `stop`.
 * @param {ServiceOptions} options
 */
export async function startService(options) {
  const { name, log, signal = "SIGTERM", graceMs = 20_000 } = options;
  if (existsSync(log) && statSync(log).size > maxLogBytes) renameSync(log, `${log}.1`);
  const unfollow = options.quiet ? () => undefined : followWarnings(name, log);
  let stopping = false;
  /** @type {import("./identity.mjs").Identity | null} */
  let current = null;
  /** @type {NodeJS.Timeout | undefined} */
  let pending;
  /** @type {number[]} */
  let deaths = [];

  const start = async () => {
    const { command, args, env = process.env, cwd = root, uid, gid } = await options.launch();
    if (stopping || ending) return;
    const output = openSync(log, "a");
    // A session of its own: Ctrl-C in the terminal must reach only this process, which stops things in order.
    const child = spawn(command, args, {
      env,
      cwd,
      uid,
      gid,
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    child.once("error", (error) => died(error.message));
    child.once("exit", (code, by) => died(`it ended with ${by ?? `code ${code}`}`));
    if (!child.pid) return;
    current = identify(child.pid);
    options.onStart?.({ name, signal, ...current });
  };

  /** @param {string} how */
  const died = (how) => {
    current = null;
    if (stopping || ending) return;
    const now = Date.now();
    deaths = [...deaths.filter((at) => now - at < restartWindowMs), now];
    if (deaths.length > maxRestarts) {
      stopping = true;
      options.onGiveUp?.(`The ${name} process died ${deaths.length} times (${how}); its log is ${log}.`);
      return;
    }
    const delay = 1_000 * 2 ** (deaths.length - 1);
    print(`  ! ${name}: ${how}; starting it again in ${delay / 1_000} s`);
    pending = setTimeout(() => start().catch((error) => died(error.message)), delay);
  };

  await start();
  return {
    name,
    log,
    pid: () => current?.pid,
    isRunning: () => current !== null,
    async stop() {
      stopping = true;
      clearTimeout(pending);
      unfollow();
      if (current) await stopProcess(current, { signal, graceMs });
    },
    /** Lets it go on without this process. */
    forget() {
      stopping = true;
      unfollow();
    },
    kill() {
      stopping = true;
      clearTimeout(pending);
      if (current) sendSignal(-current.pid, "SIGKILL");
    },
  };
}
