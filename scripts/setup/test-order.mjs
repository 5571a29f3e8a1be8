/** The order of test files: one that takes a minute and begins as the last one has the machine for itself, and idle. */
import { BaseSequencer } from "vitest/node";

/**
 * Vitest knows how long a file took when it has run it here before, which in a fresh clone is never; it goes by
 * sizes then, and what mostly waits is small. The longest ones come first, and others work while they wait.
 */
const longest = [
  "database-minute",
  "soak",
  "engine-away",
  "two-engines",
  "lost-worker",
  "npm-pip",
  "engine-cut",
  "wrong-clock",
  "package-caches",
  "private-repositories",
  "shutdown",
  "inventory",
  "upstream",
].map((name) => `/${name}.engine.test.ts`);

/** @param {import("vitest/node").TestSpecification} file */
function rank({ moduleId }) {
  const at = longest.findIndex((end) => moduleId.endsWith(end));
  return at < 0 ? longest.length : at;
}

export class LongestFirst extends BaseSequencer {
  /** @param {import("vitest/node").TestSpecification[]} files @override */
  async sort(files) {
    // What is equal stays in Vitest's own order.
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
