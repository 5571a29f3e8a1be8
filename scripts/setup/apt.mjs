/** Debian packages, where this process may install them. One installation at a time: dpkg has one lock. */
import { existsSync } from "node:fs";
import { CommandFailed, run } from "./commands.mjs";
import { logFile } from "./paths.mjs";

const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
const patience = [
  "-o",
  "DPkg::Lock::Timeout=180",
  "-o",
  "Acquire::Retries=2",
  "-o",
  "Acquire::http::Timeout=30",
];

/** @type {Promise<unknown>} */
let previous = Promise.resolve();
let updated = false;

/** Whether packages can be installed without asking anyone. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/**
 * Installs packages with what they need and nothing that they merely recommend.
 * @param {string[]} packages
 */
export function installPackages(packages) {
  const result = previous.then(() => install(packages));
  previous = Promise.allSettled([result]); // The next one in line has its own caller to tell.
  return result;
}

/** @param {string[]} packages */
async function install(packages) {
  const options = { env, log: logFile("apt"), deadlineMs: 600_000 };
  await finishInterruptedInstall(options);
  if (!updated) await updateLists(options);
  const args = ["install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"];
  await run("apt-get", [...patience, ...args, ...packages], options);
}

/**
 * One unreachable source among several makes the whole update fail, and is often of no importance: whether the
 * packages can be had is for the installation to say.
 * @param {import("./commands.mjs").CommandOptions} options
 */
async function updateLists(options) {
  try {
    await run("apt-get", [...patience, "update"], { ...options, deadlineMs: 180_000 });
    updated = true;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
  }
}

/** A machine that was cut off while dpkg ran refuses every installation until this. @param {import("./commands.mjs").CommandOptions} options */
async function finishInterruptedInstall(options) {
  const audit = await run("dpkg", ["--audit"], { ...options, log: undefined });
  if (audit.trim()) await run("dpkg", ["--configure", "-a", "--force-confold"], options);
}

/** @param {string} name */
export async function isPackageKnown(name) {
  try {
    return (await run("apt-cache", ["show", name], { env, deadlineMs: 30_000 })).includes("Package:");
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}
