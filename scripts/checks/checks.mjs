/** What `npm run check` checks. Each is counted as a test by `npm test`. */
import path from "node:path";
import { run } from "../setup/commands.mjs";
import { modules, node, root } from "../setup/paths.mjs";
import { measureFiles } from "./file-sizes.mjs";

const options = { deadlineMs: 300_000 };
const biome = path.join(modules, "@biomejs/biome/bin/biome");

/** @type {{ name: string, check: (say: (what: string) => void) => Promise<unknown> }[]} */
export const checks = [
  {
    name: "Types",
    async check() {
      // Writes the types of the routes, which pages refer to.
      await run(node, [path.join(modules, "next/dist/bin/next"), "typegen"], options);
      await run(node, [path.join(modules, "typescript/bin/tsc"), "--noEmit"], options);
    },
  },
  {
    name: "Format and lint",
    check: () => run(node, [biome, "check", "--error-on-warnings", "--max-diagnostics=100"], options),
  },
  { name: "Import rules", check: () => run(node, ["scripts/checks/imports.mjs"], options) },
  {
    name: "File sizes",
    async check(say) {
      const { files, median, tooLong } = measureFiles(root);
      if (tooLong.length > 0) throw new Error(tooLong.join("\n"));
      say(`${files} files, median ${median} lines`);
    },
  },
];
