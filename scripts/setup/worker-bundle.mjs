/**
 * The worker, and the web's own server, each in one file of JavaScript: it starts in a third of the time and takes half the memory that it would when
 * its sources were translated at each start. What it gets from packages stays with them, but for dockerode: of that, what Kiln has no use for is left out.
 */
import { renameSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";

/** Beside the packages, which it looks for from where it is. */
const folder = path.join(root, "dist");

/** @param {"worker" | "web"} name */
const fileOf = (name) => path.join(folder, `${name}.mjs`);

/**
 * Of the three areas for what is young, each. Node lets them grow to 32 MiB where much is made and forgotten, as a log's lines
 * are, and never shrinks them. `--optimize-for-size` lets the rest grow in small steps: printing a million lines took 50 MiB
 * more without it.
 */
const YOUNG_MIB = 2;

/** What runs them, after the name of Node itself. */
export const workerCommand = ["--optimize-for-size", `--max-semi-space-size=${YOUNG_MIB}`, fileOf("worker")];
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
  await build({
    entryPoints: [path.join(root, entry)],
    outfile: made,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    plugins: [packages],
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
  renameSync(made, fileOf(name));
}

/** For ssh and BuildKit, which Kiln doesn't speak: 30 MiB of a worker's memory. */
const unused = /^(?:ssh2|protobufjs|@grpc\/.+)$/;

/** @type {import("esbuild").Plugin} */
const packages = {
  name: "packages",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer, kind }) => {
      if (unused.test(wanted)) return { path: wanted, namespace: "unused" };
      const isOurs = !importer.includes(`${path.sep}node_modules${path.sep}`);
      const stays = kind !== "entry-point" && isOurs && !wanted.startsWith("@/") && wanted !== "dockerode";
      return stays ? { path: wanted, external: true } : undefined;
    });
    onLoad({ filter: /./, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
  },
};
