/** What the lock file names, installed with npm: the pinned Node and the Postgres server among it. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CommandFailed, run } from "./commands.mjs";
import { logFile, modules, node, root } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

/** @typedef {{ packages?: Record<string, { version?: string, resolved?: string, optional?: boolean }> }} Lock */

/** @param {string} file @returns {Lock} */
const readLock = (file) => JSON.parse(readFileSync(file, "utf8"));

/**
 * Whether what npm noted at the end of its last install is what the lock file asks for.
 * @param {Lock} wanted
 * @param {Lock} installed
 */
export function isInstalled(wanted, installed) {
  const have = installed.packages ?? {};
  return Object.entries(wanted.packages ?? {}).every(([place, { version, optional }]) => {
    if (place === "") return true;
    if (!have[place]) return optional === true; // Made for another platform.
    return have[place].version === version;
  });
}

/** @param {(what: string) => void} say */
export async function installDependencies(say) {
  const note = path.join(modules, ".package-lock.json");
  const wanted = readLock(path.join(root, "package-lock.json"));
  if (!existsSync(note) || !isInstalled(wanted, readLock(note))) {
    const count = Object.values(wanted.packages ?? {}).filter((entry) => !entry.optional).length;
    say(`installing ${count} npm packages`);
    await npmInstall();
  }
  if (!existsSync(node)) {
    throw new Refusal(
      "npm did not run the install script of the package `node`: allow it (`npm config delete ignore-scripts`) and run `npm ci`.",
    );
  }
}

/**
 * Not `npm ci`: the lock file may have been written where a registry doesn't offer every platform's optional
 * packages, and `npm ci` refuses such a file everywhere, also where nobody needs them.
 */
async function npmInstall() {
  const options = { log: logFile("npm"), env: environmentWithoutPinnedNode(), deadlineMs: 900_000 };
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await run("npm", args, options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    // A registry that hiccups is common enough to be worth a second try; anything else fails again the same way.
    if (!/E(CONNRESET|TIMEDOUT|AI_AGAIN|5\d\d)|network/i.test(error.output)) throw error;
    await run("npm", args, options);
  }
}

/**
 * npm must not run on the very Node that it is about to replace, and the build needs the development packages too.
 * @returns {NodeJS.ProcessEnv}
 */
function environmentWithoutPinnedNode() {
  const bin = path.join(modules, ".bin");
  const search = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== bin);
  return { ...process.env, PATH: search.join(path.delimiter), NODE_ENV: "development" };
}
