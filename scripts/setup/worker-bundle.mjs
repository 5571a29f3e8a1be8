/**
 * The worker, and the web's own server, each in one file of JavaScript: it starts in a third of the time and takes half the memory that it would when
 * its sources were translated at each start.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundledPackages } from "./bundled-packages.mjs";
import { root } from "./paths.mjs";

/** Beside the packages, which it looks for from where it is. */
const folder = path.join(root, "dist");

/** @param {"worker" | "web"} name */
const fileOf = (name) => path.join(folder, `${name}.mjs`);

/**
 * Of the three areas for what is young, each. Node lets them grow to 32 MiB where much is made and forgotten, as a log's lines
 * are, and never shrinks them. `--optimize-for-size` lets the rest grow in small steps: printing a million lines took 50 MiB
 * more without it. Prisma's compiler, the only thing in WebAssembly, isn't compiled a second time to be faster: that took 13 MiB
 * for a moment, and what it makes is kept.
 */
const YOUNG_MIB = 2;

/** What runs them, after the name of Node itself. */
export const workerCommand = [
  "--optimize-for-size",
  `--max-semi-space-size=${YOUNG_MIB}`,
  "--no-wasm-tier-up",
  fileOf("worker"),
];
/** For a worker of which there are many for a short time: it starts and works with a fifth less of the processor, and takes more memory. */
export const hastyWorkerCommand = workerCommand.filter((part) => part !== "--optimize-for-size");
export const webCommand = [fileOf("web")];

export const bundleWorker = () => bundle("worker", "worker/main.ts");
export const bundleWeb = () => bundle("web", "lib/web/serve.server.ts");

/**
 * Takes a fifth of a second, so that it is made at each start.
 * @param {"worker" | "web"} name
 * @param {string} entry
 */
async function bundle(name, entry) {
  // Not before the dependencies are there.
  const { build } = await import("esbuild");
  // Another process may make it, or start it, at the same time.
  const made = path.join(folder, `${name}-${process.pid}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [path.join(root, entry)],
    outfile: made,
    write: false,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    plugins: [bundledPackages(folder, { whole: name === "worker" })],
    alias: { "@": root },
    // What was bundled as CommonJS asks for Node's own modules by it.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    // No source map: Node takes it apart at the first error and keeps it, 30 MiB of a worker's memory. What a stack
    // names is a line of the bundle, which reads as the sources do, with each one's name over it.
    sourcemap: false,
    logLevel: "silent",
  });
  // Comments only have others, and a source with a single one is kept in twice the memory.
  const ascii = outputFiles.map(({ text }) => text.replaceAll(/\P{ASCII}/gu, "?")).join("");
  mkdirSync(folder, { recursive: true });
  writeFileSync(made, ascii);
  renameSync(made, fileOf(name));
}
