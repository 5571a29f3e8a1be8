/** Where things are. Everything that running makes is under the data folder, `.data` unless KILN_DATA_DIR. */
import { mkdirSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..", "..");
export const dataDir = path.resolve(root, process.env.KILN_DATA_DIR || ".data");
export const modules = path.join(root, "node_modules");

/** The pinned runtime, which the lock file brings. The bootstrap itself may run on an older one. */
export const node = path.join(modules, ".bin", "node");

/**
 * A folder under the data folder, made if it isn't there.
 * @param {string[]} parts
 */
export function dataFolder(...parts) {
  const folder = path.join(dataDir, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** @param {string} name */
export const logFile = (name) => path.join(dataFolder("logs"), `${name}.log`);
