/** The lists that package managers keep, line by line: pure. */
import { z } from "zod";

export type FoundPackage = (name: string, version: string) => void;

export interface LineReader {
  line(text: string): void;
  end(): void;
}

/** `Key: value` stanzas with an empty line between them; only the keys that are asked for are kept. */
function stanzas(separator: string, onEnd: (fields: ReadonlyMap<string, string>) => void): LineReader {
  const fields = new Map<string, string>();
  const end = () => {
    if (fields.size > 0) onEnd(fields);
    fields.clear();
  };
  return {
    line: (text) => {
      if (text === "") return end();
      const at = text.indexOf(separator);
      const key = text.slice(0, at);
      // A line that goes on begins with a space; of a key that comes twice the first counts.
      if (at > 0 && kept.has(key) && !fields.has(key))
        fields.set(key, text.slice(at + separator.length).trim());
    },
    end,
  };
}

const kept = new Set(["Package", "Version", "Status", "P", "V"]);

/** `/var/lib/dpkg/status`, or a part of it as in images without dpkg, where what is listed is installed. */
export function dpkgList(found: FoundPackage): LineReader {
  return stanzas(":", (fields) => {
    const installed = fields.get("Status")?.split(/\s+/).at(-1) ?? "installed";
    const [name, version] = [fields.get("Package"), fields.get("Version")];
    if (name && version && installed === "installed") found(name, version);
  });
}

/** `/lib/apk/db/installed`. */
export function apkList(found: FoundPackage): LineReader {
  return stanzas(":", (fields) => {
    const [name, version] = [fields.get("P"), fields.get("V")];
    if (name && version) found(name, version);
  });
}

/** Python's `METADATA` or `PKG-INFO`: its head, up to the first empty line. */
export function readMetadata(text: string, found: FoundPackage): void {
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? "";
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+?)\\s*$`, "im").exec(head)?.[1];
  const [name, version] = [field("Name"), field("Version")];
  if (name && version) found(name, version);
}

const manifest = z.object({ name: z.string().min(1), version: z.string().min(1) });

/** A `package.json`. What isn't one is no package: npm doesn't list it, either. */
export function readManifest(text: string, found: FoundPackage): void {
  const parsed = manifest.safeParse(jsonOf(text));
  if (parsed.success) found(parsed.data.name, parsed.data.version);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
