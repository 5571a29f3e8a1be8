import { run } from "./commands.mjs";
import { node } from "./paths.mjs";

/**
 * Runs one of the project's TypeScript programs on the pinned Node.
 * @param {string} script
 * @param {string[]} args
 * @param {import("./commands.mjs").CommandOptions} options
 */
export function runTypeScript(script, args, options) {
  return run(node, ["--import", "tsx", script, ...args], { deadlineMs: 120_000, ...options });
}

/**
 * The value that such a program printed as its last line.
 * @param {string} output
 * @returns {any}
 */
export function lastJsonLine(output) {
  const line = output.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`Expected a line of JSON, got: ${line.slice(0, 200)}`);
  }
}
