import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const folders = ["app", "components", "lib", "worker", "prisma", "e2e", "scripts"];
const limit = 350;
const testLimit = 500;
/** Fewer files than this, and the reader is broken. */
const floor = 100;

/**
 * A file that grows past the limit holds two things.
 * @param {string} root
 * @returns {{ files: number, median: number, tooLong: string[] }}
 */
export function measureFiles(root) {
  const sizes = folders
    .flatMap((folder) => list(root, folder))
    .map((file) => ({ file, lines: readFileSync(path.join(root, file), "utf8").split("\n").length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const tooLong = sizes
    .filter(({ file, lines }) => lines > (/\.(test|spec)\.tsx?$/.test(file) ? testLimit : limit))
    .map(({ file, lines }) => `${file} has ${lines} lines`);
  if (sizes.length < floor) tooLong.push(`only ${sizes.length} files seen, expected ${floor} or more`);
  return { files: sizes.length, median: sizes[Math.floor(sizes.length / 2)]?.lines ?? 0, tooLong };
}

/** @param {string} root @param {string} place @returns {string[]} */
function list(root, place) {
  const stat = statSync(path.join(root, place), { throwIfNoEntry: false });
  if (!stat || place === "lib/db/generated") return [];
  if (!stat.isDirectory()) return /\.(ts|tsx|mjs|css)$/.test(place) ? [place] : [];
  return readdirSync(path.join(root, place)).flatMap((name) => list(root, path.posix.join(place, name)));
}
