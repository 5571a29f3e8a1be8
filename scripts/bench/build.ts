/**
 * `npm run bench:build [-- --only PART,…]`: what building with Kiln costs beside the plain tools, and after faults.
 * Everything is measured in turn with what it is compared to, and taken away at the end. Ctrl-C takes it away, too.
 */
import { parseArgs } from "node:util";
import { Cleanup } from "./cleanup";
import { withToken } from "./kiln";
import { buildkit } from "./part-buildkit";
import { caches } from "./part-caches";
import { capture } from "./part-capture";
import { faults } from "./part-faults";
import { packages } from "./part-packages";
import { trivial } from "./part-trivial";
import { Report } from "./report";
import { Unsupported, World } from "./world";

const parts: Record<string, (world: World) => Promise<void>> = {
  trivial,
  packages,
  buildkit,
  caches,
  capture,
  faults,
};

const { values } = parseArgs({ options: { only: { type: "string" } } });
const chosen = values.only?.split(",") ?? Object.keys(parts);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}

const report = new Report((line) => console.log(line));
const cleanup = new Cleanup();
const stop = new AbortController();
const interrupted = new Promise<"interrupted">((resolve) => {
  stop.signal.addEventListener("abort", () => resolve("interrupted"), { once: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

// The role that may sweep, at the end.
await withToken(async (bench) => {
  const world = new World(bench, report, cleanup);
  cleanup.later("what is left on the engine", () => bench.call("POST", "/sweep", { dryRun: false }));
  const ended = await Promise.race([measure(world), interrupted]);
  console.log("\nTaking everything away");
  for (const left of await cleanup.run()) console.log(`  is left: ${left}`);
  if (ended !== "interrupted") console.log(`\n${report.table().join("\n")}`);
}, "admin");
process.exit(0);

async function measure(world: World): Promise<void> {
  for (const name of chosen) {
    console.log(`\n${name}`);
    const start = performance.now();
    try {
      await parts[name]?.(world);
    } catch (error) {
      // What is taken away from under it fails, and says nothing of what was measured.
      if (stop.signal.aborted) return;
      const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      report.missing(name, error instanceof Unsupported ? why : `could not be measured: ${why}`);
      if (!(error instanceof Unsupported)) console.error(error);
    }
    console.log(`  (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  }
}
