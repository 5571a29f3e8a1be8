/**
 * The packages that are bundled because they would take tens of megabytes of each process's memory as they are: dockerode, of
 * which ssh and BuildKit are left out, and what Prisma keeps. The worker's others are for a quick start: looking for each of
 * their hundred files takes a seventh of it. The web's are loaded from where they are.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { root } from "./paths.mjs";

const { resolve: find } = createRequire(path.join(root, "package.json"));

/** Those that others are loaded by, too. */
const bundled = new Set(["dockerode", "pg-boss"]);
/** For ssh and BuildKit, which Kiln doesn't speak: 30 MiB. And for schedules of the queue, of which Kiln has its own: 3 MiB. */
const unused = /^(?:ssh2|protobufjs|@grpc\/.+|cron-parser|rrule-temporal)$/;

const prismaRuntime = "@prisma/client/runtime/client";
/** In the folder of the bundle. */
const compilerFile = "query-compiler.wasm";
/** Prisma's compiler of queries as text: the text is kept, and so is the source that it stands in, 5 MiB. */
const compilerAsText = /^@prisma\/client\/runtime\/query_compiler_.+\.wasm-base64\.mjs$/;

/**
 * Prisma's graph of a schema has a table by number for each of its 1,300 inputs: a handful of entries, for which V8 reserves as
 * many places as the highest number says, 12 MiB. A first entry that is far away makes it a hash table, of as many places as entries.
 */
const table = "o={};for(let s=0;s<i;s++){let a=this.#i(),u=this.#";
const sparseTable = table.replace("o={}", "o={1e7:void 0}");

/** @param {string} source of Prisma's runtime. @returns the same, unless Prisma writes it in another way by now. */
export const withSparseTables = (source) => source.replaceAll(table, sparseTable);

/** Machine code, which no bundle takes. */
const native = /^@node-rs\//;

/**
 * @param {string} folder where the bundle goes
 * @param {{ whole: boolean }} options are all packages bundled that can be? Not for the web: its server and the pages, which Next bundles,
 * have one database client, and a part of a query that one copy of Prisma made is a value to another copy.
 * @returns {import("esbuild").Plugin}
 */
export function bundledPackages(folder, { whole }) {
  return {
    name: "packages",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer, kind }) => {
        if (unused.test(wanted)) return { path: wanted, namespace: "unused" };
        if (whole && compilerAsText.test(wanted)) return { path: wanted, namespace: "compiler" };
        if (whole && kind === "import-statement" && isBuiltin(wanted))
          return { path: wanted, namespace: "builtin" };
        if (whole && wanted === prismaRuntime) return { path: prismaFile("client.mjs"), namespace: "prisma" };
        const isOurs = !importer.includes(`${path.sep}node_modules${path.sep}`);
        const isKept = whole ? native.test(wanted) : !wanted.startsWith("@/") && !bundled.has(wanted);
        const stays = kind !== "entry-point" && isOurs && isKept;
        return stays ? { path: wanted, external: true } : undefined;
      });
      onLoad({ filter: /./, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
      // As `import` has them, all of a module's exports are looked at: for `node:http` that loads Node's own `fetch`, 50 ms.
      onLoad({ filter: /./, namespace: "builtin" }, ({ path: wanted }) => ({
        contents: `module.exports = require(${JSON.stringify(wanted)});`,
      }));
      onLoad({ filter: /./, namespace: "prisma" }, ({ path: file }) => ({
        contents: withSparseTables(readFileSync(file, "utf8")),
        resolveDir: path.dirname(file),
      }));
      onLoad({ filter: /./, namespace: "compiler" }, ({ path: wanted }) => {
        const file = path.join(folder, compilerFile);
        mkdirSync(folder, { recursive: true });
        // Another process may read it, or make it, at the same time.
        writeFileSync(`${file}-${process.pid}`, compilerOf(wanted));
        renameSync(`${file}-${process.pid}`, file);
        // `Buffer.from`, to which it is given, takes an object for its value: nobody keeps what was read.
        return {
          contents: `import { readFileSync } from "node:fs";
export const wasm = { valueOf: () => readFileSync(new URL("${compilerFile}", import.meta.url)) };`,
        };
      });
    },
  };
}

/** @param {string} name */
const prismaFile = (name) => path.join(path.dirname(find(prismaRuntime)), name);

/** @param {string} wanted @returns {Buffer} */
function compilerOf(wanted) {
  const source = readFileSync(prismaFile(path.basename(wanted)), "latin1");
  const text = /"([A-Za-z0-9+/=]{1000,})"/.exec(source)?.[1];
  if (text === undefined) throw new Error(`${wanted} holds no compiler.`);
  return Buffer.from(text, "base64");
}
