/**
 * Which Kiln processes of this machine use an engine that one of them started: two clones may run side by side, and
 * the one that started dockerd must not stop it under the other.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { identify, isAlive } from "./identity.mjs";

const folder = "/run/kiln-engine-users";
const own = path.join(folder, String(process.pid));

/** Root's business only: nobody else starts an engine. */
export function announceEngineUse() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(own, JSON.stringify(identify(process.pid)));
  process.once("exit", () => rmSync(own, { force: true }));
}

/** Other processes that announced themselves and still live. */
export function countOtherEngineUsers() {
  return readdirSync(folder).filter((name) => {
    const file = path.join(folder, name);
    if (file === own) return false;
    if (isUser(file)) return true;
    rmSync(file, { force: true });
    return false;
  }).length;
}

/** @param {string} file */
function isUser(file) {
  try {
    return isAlive(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return false; // Gone meanwhile, or cut short by a power loss.
  }
}
