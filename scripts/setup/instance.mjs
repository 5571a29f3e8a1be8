/**
 * One instance a data folder. The file `runtime.json` is the lock, and says what runs: another command finds the
 * database through it, and the next start finds what a killed one left behind.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beganAt, identify, isAlive } from "./identity.mjs";
import { Refusal } from "./refusal.mjs";
import { stopProcess } from "./stop-process.mjs";

/**
 * @typedef {import("./identity.mjs").Identity} Identity
 * @typedef {Identity & { name: string, signal?: NodeJS.Signals }} Child
 * @typedef {object} Runtime
 * @property {string} what the command that runs
 * @property {Identity} self
 * @property {number} [port]
 * @property {string} [databaseUrl]
 * @property {string} [dockerHost]
 * @property {Child[]} children in the order in which they were started
 * @property {Identity[]} commands
 */

/**
 * What the file says, whether or not its process still runs; null when there is none.
 * @param {string} folder
 * @returns {Runtime | null}
 */
export function readRuntime(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, "runtime.json"), "utf8"));
  } catch (error) {
    // Half a file: written by a process that was killed before files were replaced as a whole.
    if (error instanceof SyntaxError) return null;
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Takes the folder for this process, after ending what a killed predecessor left.
 * @param {string} folder
 * @param {string} what the command, for the sentence that another one prints
 * @throws {Refusal} when it is taken
 */
export async function claimInstance(folder, what) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "runtime.json");
  const draft = `${file}.${process.pid}`;
  /** @type {Runtime} */
  const runtime = { what, self: identify(process.pid), children: [], commands: [] };
  // Written as a whole and only then put in place: a reader never sees half a file.
  const writeDraft = () => writeFileSync(draft, JSON.stringify(runtime, null, 2), { mode: 0o600 });

  for (let attempt = 0; ; attempt++) {
    const other = readRuntime(folder);
    if (other && isAlive(other.self)) throw new Refusal(alreadyRunning(other));
    if (other) await endLeftovers(other);
    rmSync(file, { force: true });
    writeDraft();
    try {
      linkSync(draft, file); // Fails when someone else was faster, unlike a rename.
      rmSync(draft);
      break;
    } catch (error) {
      rmSync(draft, { force: true });
      if (attempt >= 3 || /** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
  }

  const save = () => {
    writeDraft();
    renameSync(draft, file);
  };
  return {
    runtime,
    /** @param {Partial<Runtime>} facts */
    update(facts) {
      Object.assign(runtime, facts);
      save();
    },
    /** @param {Child} child */
    addChild(child) {
      runtime.children = [...runtime.children.filter((known) => beganAt(known.pid) === known.began), child];
      save();
    },
    release() {
      rmSync(file, { force: true });
    },
  };
}

/** @param {Runtime} other */
function alreadyRunning({ what, port, self }) {
  const where = port ? ` on port ${port}` : "";
  return `${what} is already running in this folder${where}, pid ${self.pid}; stop that one first.`;
}

/**
 * Ends what a killed start left, the last one started first. An orphan that still serves would be talking to a
 * database that is about to be replaced under it.
 * @param {Pick<Runtime, "children" | "commands">} runtime
 */
export async function endLeftovers({ children, commands }) {
  for (const command of commands) await stopProcess(command, { graceMs: 2_000 });
  for (const child of [...children].reverse())
    await stopProcess(child, { signal: child.signal, graceMs: 10_000 });
}
