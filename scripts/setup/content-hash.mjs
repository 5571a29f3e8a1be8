import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./paths.mjs";

/**
 * One hash over the names and contents of files and whole folders, given relative to the root. What isn't there is
 * left out.
 * @param {string[]} places
 * @param {(file: string) => boolean} [wanted]
 */
export function hashContent(places, wanted = () => true) {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => listFiles(place)).sort()) {
    if (wanted(file))
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(root, file)))
        .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} place @returns {string[]} */
function listFiles(place) {
  const stat = statSync(path.join(root, place), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [place];
  return readdirSync(path.join(root, place)).flatMap((name) => listFiles(path.join(place, name)));
}
