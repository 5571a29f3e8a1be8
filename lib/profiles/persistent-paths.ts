/** The grammar of `persistentPaths`: folders of a session that outlive its container, and which would do harm. */
import type { z } from "zod";
import { isWithin } from "./cache-paths";

const MAX_PATHS = 16;

/** Not the image's, or only in memory; `/var/run` is a link to `/run` nearly everywhere. */
const RESERVED = ["/proc", "/sys", "/dev", "/run", "/var/run"];

/** As they were once, they would hide what a newer snapshot brings: its programs and settings. */
const SYSTEM = new Set(["/bin", "/boot", "/etc", "/lib", "/lib64", "/sbin", "/usr", "/var"]);

function wrongWith(path: string, earlier: readonly string[], others: readonly string[]): string | null {
  if (path === "/") return "Name a folder, not the root.";
  const reserved = RESERVED.find((folder) => isWithin(path, folder));
  if (reserved) return `Use another folder: ${reserved} is Kiln's or the kernel's.`;
  if (SYSTEM.has(path))
    return `Name a folder within ${path}: all of it would hide what newer snapshots bring.`;
  if (earlier.includes(path)) return "This path is in the list twice.";
  const around = others.find((other) => other !== path && isWithin(path, other));
  return around ? `This path lies within ${around}, which is persistent already.` : null;
}

/** @param absolutePath the schema of a single path */
export function persistentPathList(absolutePath: z.ZodString) {
  return absolutePath
    .regex(/^[^\p{Cc}\\,]*$/u, "Use a path without commas, backslashes and control characters.")
    .array()
    .max(MAX_PATHS, `Use at most ${MAX_PATHS} persistent folders.`)
    .superRefine((paths, context) => {
      paths.forEach((path, index) => {
        const message = wrongWith(path, paths.slice(0, index), paths);
        if (message) context.addIssue({ code: "custom", path: [index], message });
      });
    })
    .default([]);
}

/** The first of the new paths that lies around, or within, one that is there. */
export function nestedPath(there: readonly string[], added: readonly string[]): string | null {
  return added.find((path) => there.some((one) => isWithin(path, one) || isWithin(one, path))) ?? null;
}
