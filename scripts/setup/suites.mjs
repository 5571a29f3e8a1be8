/** How each kind of test is run, and what it counted. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { checks } from "../checks/checks.mjs";
import { CommandFailed, run } from "./commands.mjs";
import { dataFolder, modules, node } from "./paths.mjs";
import { print, step } from "./steps.mjs";
import { countPlaywright, countVitest } from "./summary.mjs";

/** @typedef {import("./summary.mjs").Count} Count */

/** @returns {Promise<Count>} each check is one test */
export async function runChecks() {
  const count = { passed: 0, failed: 0, flaky: [] };
  for (const { name, check } of checks) {
    try {
      await step(name, check);
      count.passed++;
    } catch (error) {
      count.failed++;
      print(error instanceof CommandFailed ? error.output : String(error));
    }
  }
  return count;
}

/**
 * A whole run takes half an hour on a machine that does other things as well: what fails in it is tried once more, and
 * named at the end when it passes then. A chosen test isn't.
 * @param {string[]} filters @param {string} option
 */
const tryAgain = (filters, option) => (filters.length > 0 ? [] : [`${option}=1`]);

/**
 * @param {"pure" | "database" | "engine"} project
 * @param {string[]} filters
 * @param {NodeJS.ProcessEnv} env
 */
export async function runVitest(project, filters, env) {
  const report = reportFile(project);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const args = [
    path.join(modules, "vitest/vitest.mjs"),
    "run",
    "--project",
    project,
    ...reporters,
    ...(project === "pure" ? [] : tryAgain(filters, "--retry")),
    ...filters,
  ];
  const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
  const succeeded = await runShown(args, { ...env, ...colour });
  return countVitest(readReport(report), succeeded, filters.length > 0);
}

/**
 * @param {string[]} filters
 * @param {NodeJS.ProcessEnv} env
 */
export async function runPlaywright(filters, env) {
  const report = reportFile("e2e");
  const args = [
    path.join(modules, "@playwright/test/cli.js"),
    "test",
    ...tryAgain(filters, "--retries"),
    ...filters,
    ...(filters.length > 0 ? ["--pass-with-no-tests"] : []),
  ];
  const succeeded = await runShown(args, { ...env, KILN_E2E_REPORT: report });
  return countPlaywright(readReport(report), succeeded, filters.length > 0);
}

/** @param {string} name a fresh file: an old one must not be taken for this run's */
function reportFile(name) {
  const file = path.join(dataFolder("test", "reports"), `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** @param {string} file */
function readReport(file) {
  if (!existsSync(file)) throw new Error("The test runner ended without a report.");
  return JSON.parse(readFileSync(file, "utf8"));
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env */
async function runShown(args, env) {
  try {
    await run(node, args, { env, show: true, deadlineMs: 22 * 60_000 });
    return true;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    if (/did not end within/.test(error.message)) print(error.message);
    return false;
  }
}
