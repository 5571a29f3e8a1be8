/** Who imports whom, read with a real parser from every source file of the project. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseSync } from "oxc-parser";

/**
 * @typedef {object} Import
 * @property {string} to a file relative to the root, or a package's name
 * @property {boolean} external
 * @property {boolean} typeOnly nothing of it is left at run time
 * @typedef {{ file: string, imports: Import[], directive: "use client" | "use server" | null }} Module
 */

const folders = ["app", "components", "lib", "worker", "prisma", "e2e", "scripts"];
const endings = ["", ".ts", ".tsx", ".mjs", ".js", "/index.ts", "/index.tsx"];

/**
 * @param {string} root
 * @returns {Module[]}
 */
export function readImportGraph(root) {
  const files = folders.flatMap((folder) => listSources(root, folder));
  return files.map((file) => readModule(root, file));
}

/** @param {string} root @param {string} place @returns {string[]} */
function listSources(root, place) {
  const stat = statSync(path.join(root, place), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return /\.(ts|tsx|mjs)$/.test(place) && !place.endsWith(".d.ts") ? [place] : [];
  if (place === "lib/db/generated") return [];
  return readdirSync(path.join(root, place)).flatMap((name) => listSources(root, `${place}/${name}`));
}

/** @param {string} root @param {string} file @returns {Module} */
function readModule(root, file) {
  const source = readFileSync(path.join(root, file), "utf8");
  const { module, program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} can't be parsed: ${errors[0]?.message}`);
  /** @type {{ specifier: string, typeOnly: boolean }[]} */
  const found = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ specifier: moduleRequest.value, typeOnly });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ specifier: moduleRequest.value, typeOnly: isType });
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    if (/^["'`][^$]*["'`]$/.test(text)) found.push({ specifier: text.slice(1, -1), typeOnly: false });
  }
  // Written inside a type: `import("./module").Name`.
  for (const [, specifier] of source.matchAll(/\bimport\(["']([^"']+)["']\)\.(?!then|catch)/g)) {
    if (specifier && file.endsWith(".ts")) found.push({ specifier, typeOnly: true });
  }
  const first = program.body[0];
  const directive = first && "directive" in first ? first.directive : null;
  return {
    file,
    directive: directive === "use client" || directive === "use server" ? directive : null,
    imports: found.map(({ specifier, typeOnly }) => ({ ...resolve(root, file, specifier), typeOnly })),
  };
}

/** @param {string} root @param {string} from @param {string} specifier */
function resolve(root, from, specifier) {
  const place = specifier.startsWith("@/")
    ? specifier.slice(2)
    : specifier.startsWith(".")
      ? path.posix.join(path.posix.dirname(from), specifier)
      : null;
  if (place === null) return { to: specifier, external: true };
  const ending = endings.find((candidate) => {
    const stat = statSync(path.join(root, place + candidate), { throwIfNoEntry: false });
    return stat?.isFile();
  });
  // Generated code may not be there yet; its place is all that the rules ask for.
  return { to: ending === undefined ? place : place + ending, external: false };
}
