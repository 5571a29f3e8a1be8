/** The grammar of `caches`: folders that are volumes while building, and which of them would do harm. */
import { z } from "zod";

const MAX_CACHES = 20;

/** What in them isn't the image's, or only in memory: `/var/run` is a link to `/run` nearly everywhere. */
const RESERVED = ["/run/kiln", "/run/secrets", "/var/run", "/proc", "/sys", "/dev"];

/** A volume over one of these hides the system itself. */
const SYSTEM = ["/bin", "/boot", "/etc", "/home", "/lib", "/lib64", "/opt", "/root", "/run", "/sbin", "/srv"];
const SYSTEM_PARTS = ["/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/var", "/var/lib", "/tmp"];
const system = new Set([...SYSTEM, ...SYSTEM_PARTS]);

/** Is this path the folder itself, or within it? */
export const isWithin = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

function wrongWith(path: string, others: readonly string[]): string | null {
  if (path === "/") return "Name a folder, not the root.";
  const reserved = RESERVED.find((folder) => isWithin(path, folder));
  if (reserved) return `Use another folder: ${reserved} is Kiln's or the kernel's.`;
  if (system.has(path))
    return `Name a folder within ${path}: a cache there would hide the image's own files.`;
  if (others.includes(path)) return "This path is in the list twice.";
  const around = others.find((other) => isWithin(path, other));
  return around ? `This path lies within ${around}, which is a cache already.` : null;
}

/** @param absolutePath the schema of a single path */
export function cacheList(absolutePath: z.ZodString) {
  return z
    .array(
      // A line a path in the form, and a field a path in the kernel's list of mounts.
      absolutePath.regex(
        /^[^\p{Cc}\\,]*$/u,
        "Use a path without commas, backslashes and control characters.",
      ),
    )
    .max(MAX_CACHES, `Use at most ${MAX_CACHES} caches.`)
    .superRefine((paths, context) => {
      paths.forEach((path, index) => {
        const earlier = paths.slice(0, index);
        const others = paths.filter((other, at) => at !== index && other !== path);
        const message = wrongWith(path, [...earlier.filter((other) => other === path), ...others]);
        if (message) context.addIssue({ code: "custom", path: [index], message });
      });
    })
    .default([]);
}

interface Placed {
  caches: readonly string[];
  files: ReadonlyArray<{ path: string }>;
  repositories: ReadonlyArray<{ path: string }>;
  workdir: string;
}

/** What is put into a cache isn't in the image: refused, because that is never what is meant. */
export function refuseHiddenByCaches(spec: Placed, context: z.RefinementCtx): void {
  spec.caches.forEach((cache, index) => {
    const placed = [
      ["The working directory", spec.workdir],
      ...spec.files.map(({ path }) => ["The file", path]),
      ...spec.repositories.map(({ path }) => ["The repository", path]),
    ] as const;
    const hidden = placed.find(([, path]) => path !== undefined && isWithin(path, cache));
    if (!hidden) return;
    const message = `${hidden[0]} ${hidden[1]} lies in this cache, and caches aren't in the image.`;
    context.addIssue({ code: "custom", path: ["caches", index], message });
  });
}

/** Is there anything to make for the caches? Root's folders are as good as those that the engine makes. */
export const needsCacheFolders = ({ user, caches }: { user: string; caches: readonly string[] }) =>
  caches.length > 0 && !/^(?:root|0)(?::|$)/.test(user);
