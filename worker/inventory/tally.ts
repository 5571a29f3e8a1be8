/** Collects what an image's entries say, within bounds: pure. */
import {
  type Folder,
  type Manager,
  MOST_FOLDERS,
  MOST_PACKAGES,
  MOST_PROGRAMS,
  type Reading,
} from "@/lib/inventories/content";

const MOST_NAMED_FOLDERS = 1_000;
const LONGEST_WORD = 200;
const OTHERS = "others";

/** Written by anybody: no control characters (a database doesn't take all of them), and not endless. */
export function cleanWord(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, "")
    .trim()
    .slice(0, LONGEST_WORD);
}

export class Tally {
  private readonly versions = new Map<string, { manager: Manager; name: string; versions: Set<string> }>();
  private readonly programs = new Set<string>();
  private readonly folders = new Map<string, Folder>();
  private readonly unreadable = new Set<string>();
  private truncated = false;

  addPackage(manager: Manager, rawName: string, rawVersion: string): void {
    const [name, version] = [cleanWord(rawName), cleanWord(rawVersion)];
    if (name === "" || version === "") return;
    const key = `${manager} ${name}`;
    const known = this.versions.get(key);
    if (known) known.versions.add(version);
    else if (this.versions.size >= MOST_PACKAGES) this.truncated = true;
    else this.versions.set(key, { manager, name, versions: new Set([version]) });
  }

  addProgram(path: string): void {
    if (this.programs.size >= MOST_PROGRAMS) this.truncated = true;
    else this.programs.add(path.replaceAll(/\p{Cc}/gu, "?"));
  }

  addFile(folder: string, bytes: number): void {
    const named = this.folders.has(folder) || this.folders.size < MOST_NAMED_FOLDERS ? folder : OTHERS;
    const path = named === OTHERS ? named : named.replaceAll(/\p{Cc}/gu, "?");
    const known = this.folders.get(path) ?? { path, files: 0, bytes: 0 };
    this.folders.set(path, { path, files: known.files + 1, bytes: known.bytes + bytes });
  }

  addUnreadable(manager: string): void {
    this.unreadable.add(manager);
  }

  cutShort(): void {
    this.truncated = true;
  }

  reading(): Reading {
    const folders = [...this.folders.values()];
    return {
      packages: [...this.versions.values()]
        .map(({ manager, name, versions }) => ({
          manager,
          name,
          version: [...versions].toSorted().join(", "),
        }))
        .toSorted(
          (one, other) => compareWords(one.manager, other.manager) || compareWords(one.name, other.name),
        ),
      programs: [...this.programs].toSorted(),
      folders: largest(folders),
      files: folders.reduce((sum, { files }) => sum + files, 0),
      bytes: folders.reduce((sum, { bytes }) => sum + bytes, 0),
      unreadable: [...this.unreadable].toSorted(),
      truncated: this.truncated,
    };
  }
}

/** By code units, so that the order doesn't depend on a machine's language. */
const compareWords = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function largest(folders: readonly Folder[]): Folder[] {
  const named = folders
    .filter(({ path }) => path !== OTHERS)
    .toSorted((one, other) => other.bytes - one.bytes || compareWords(one.path, other.path));
  const rest = [...named.slice(MOST_FOLDERS), ...folders.filter(({ path }) => path === OTHERS)];
  if (rest.length === 0) return named;
  const others = rest.reduce(
    (sum, { files, bytes }) => ({ path: OTHERS, files: sum.files + files, bytes: sum.bytes + bytes }),
    { path: OTHERS, files: 0, bytes: 0 },
  );
  return [...named.slice(0, MOST_FOLDERS), others];
}
