/** What differs between two inventories: pure. From the first one to the second one. */
import type { Content, Folder, Package } from "./content";

export interface ChangedPackage extends Omit<Package, "version"> {
  from: string;
  to: string;
}

export interface Comparison {
  packages: { added: Package[]; removed: Package[]; changed: ChangedPackage[] };
  executables: { added: string[]; removed: string[] };
  /** Those whose size or number of files differs, the largest difference first. */
  folders: Folder[];
  files: number;
  bytes: number;
  /** One of the two was cut short, so something may be missing here. */
  truncated: boolean;
}

type Compared = Pick<Content, "packages" | "programs" | "folders" | "files" | "bytes" | "truncated">;

export function compareContents(from: Compared, to: Compared): Comparison {
  return {
    packages: comparePackages(from.packages, to.packages),
    executables: {
      added: onlyIn(to.programs, from.programs),
      removed: onlyIn(from.programs, to.programs),
    },
    folders: compareFolders(from.folders, to.folders),
    files: to.files - from.files,
    bytes: to.bytes - from.bytes,
    truncated: from.truncated || to.truncated,
  };
}

/** One of each manager and name is expected; the lists' own order doesn't matter. */
export function comparePackages(from: readonly Package[], to: readonly Package[]): Comparison["packages"] {
  const before = new Map(from.map((each) => [keyOf(each), each]));
  const after = new Map(to.map((each) => [keyOf(each), each]));
  const missingIn = (others: ReadonlyMap<string, Package>) => (each: Package) => !others.has(keyOf(each));
  return {
    added: [...after.values()].filter(missingIn(before)).toSorted(inOrder),
    removed: [...before.values()].filter(missingIn(after)).toSorted(inOrder),
    changed: [...after.values()]
      .flatMap(({ manager, name, version }) => {
        const was = before.get(keyOf({ manager, name }))?.version;
        return was === undefined || was === version ? [] : [{ manager, name, from: was, to: version }];
      })
      .toSorted(inOrder),
  };
}

type Named = Pick<Package, "manager" | "name">;

const keyOf = ({ manager, name }: Named) => `${manager} ${name}`;

const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function inOrder(one: Named, other: Named): number {
  return byText(one.manager, other.manager) || byText(one.name, other.name);
}

function onlyIn(list: readonly string[], other: readonly string[]): string[] {
  const known = new Set(other);
  return [...new Set(list)].filter((each) => !known.has(each)).toSorted(byText);
}

function compareFolders(from: readonly Folder[], to: readonly Folder[]): Folder[] {
  const before = new Map(from.map((folder) => [folder.path, folder]));
  const after = new Map(to.map((folder) => [folder.path, folder]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({
      path,
      files: (after.get(path)?.files ?? 0) - (before.get(path)?.files ?? 0),
      bytes: (after.get(path)?.bytes ?? 0) - (before.get(path)?.bytes ?? 0),
    }))
    .filter(({ files, bytes }) => files !== 0 || bytes !== 0)
    .toSorted((one, other) => Math.abs(other.bytes) - Math.abs(one.bytes) || byText(one.path, other.path));
}
