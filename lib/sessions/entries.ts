/** Reads what the list program of a session's files says. Pure. */
import type { Entry, Folder } from "./wire";

const MOST = 5_000;
const ENTRY = /^([0-9a-f]{1,8}) (\d+) (-?\d+) \.\/(.*)$/;
const LINK = /^to \.\/(.*)$/;
const kinds: Record<number, Entry["kind"]> = { 16384: "folder", 32768: "file", 40960: "link" };
const TYPE = 0xf000;
const LATEST = 8_640_000_000_000;

/** @param said what the program wrote @param isCut more than that was written */
export function readEntries(said: string, isCut: boolean): Folder {
  const [path = "", ...lines] = said.replace(/\n$/, "").split("\n");
  // A line that was cut in the middle tells nothing.
  if (isCut) lines.pop();
  // A name may have line ends, so that it is known as a whole only when the next entry begins.
  const entries: Entry[] = [];
  const toFolders = new Set<string>();
  for (const line of lines) {
    const linked = LINK.exec(line)?.[1];
    const entry = ENTRY.exec(line);
    const last = entries.at(-1);
    if (linked !== undefined) toFolders.add(linked);
    else if (entry) entries.push(entryOf(entry));
    else if (last) last.name += `\n${line}`;
  }
  const items = new Map(entries.map((entry) => [entry.name, entry]));
  for (const name of toFolders) {
    const link = items.get(name);
    if (link) link.kind = "folder";
  }
  const sorted = [...items.values()].sort(inOrder);
  return { path, items: sorted.slice(0, MOST), truncated: isCut || sorted.length > MOST };
}

function entryOf([, mode = "0", bytes, seconds, name = ""]: RegExpExecArray): Entry {
  const bits = Number.parseInt(mode, 16);
  const kind = kinds[bits & TYPE] ?? "other";
  const at = Math.min(LATEST, Math.max(-LATEST, Number(seconds))) * 1000;
  return {
    name,
    kind,
    isLink: kind === "link",
    bytes: Number(bytes),
    modifiedAt: new Date(at).toISOString(),
    mode: modeWords(bits),
  };
}

/** `rwxr-xr-x`, of the lowest nine bits. */
function modeWords(bits: number): string {
  return [..."rwxrwxrwx"].map((letter, index) => (bits & (0o400 >> index) ? letter : "-")).join("");
}

const byName = new Intl.Collator("en", { numeric: true });

function inOrder(one: Entry, other: Entry): number {
  const first = Number(other.kind === "folder") - Number(one.kind === "folder");
  return first || byName.compare(one.name, other.name) || (one.name < other.name ? -1 : 1);
}

/** The folder above; null for the topmost. */
export function folderAbove(path: string): string | null {
  return path === "/" ? null : path.replace(/\/[^/]*$/, "") || "/";
}

export const pathIn = (folder: string, name: string) => `${folder === "/" ? "" : folder}/${name}`;
