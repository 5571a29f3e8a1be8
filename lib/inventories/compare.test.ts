import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareContents, comparePackages } from "./compare";
import { type Content, managers, type Package } from "./content";

const packages = fc.uniqueArray(
  fc.record({
    manager: fc.constantFrom(...managers),
    name: fc.constantFrom("a", "b", "c", "d", "é", "z"),
    version: fc.constantFrom("1", "1.0", "2"),
  }),
  { selector: ({ manager, name }) => `${manager} ${name}` },
);
const content: fc.Arbitrary<Content> = fc
  .record({
    packages,
    programs: fc.uniqueArray(fc.constantFrom("/bin/a", "/bin/b", "/usr/bin/c", "/usr/bin/d")),
    folders: fc.uniqueArray(
      fc.record({ path: fc.constantFrom("/", "/usr", "/opt"), files: fc.nat(9), bytes: fc.nat(999) }),
      { selector: ({ path }) => path },
    ),
  })
  .map((parts) => ({
    ...parts,
    newPrograms: null,
    files: parts.folders.reduce((sum, { files }) => sum + files, 0),
    bytes: parts.folders.reduce((sum, { bytes }) => sum + bytes, 0),
    unreadable: [],
    truncated: false,
  }));

const key = ({ manager, name }: Pick<Package, "manager" | "name">) => `${manager} ${name}`;
const sorted = (list: readonly Package[]) =>
  list.toSorted((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));

/** The list with a comparison carried out on it. */
function apply(list: readonly Package[], diff: ReturnType<typeof comparePackages>): Package[] {
  const gone = new Set(diff.removed.map(key));
  const changed = new Map(diff.changed.map((each) => [key(each), each.to]));
  const kept = list
    .filter((each) => !gone.has(key(each)))
    .map((each) => ({ ...each, version: changed.get(key(each)) ?? each.version }));
  return [...kept, ...diff.added];
}

describe("a comparison", () => {
  it("with itself is empty", () => {
    fc.assert(
      fc.property(content, (one) => {
        expect(compareContents(one, one)).toEqual({
          packages: { added: [], removed: [], changed: [] },
          executables: { added: [], removed: [] },
          folders: [],
          files: 0,
          bytes: 0,
          truncated: false,
        });
      }),
    );
  });

  it("carried out on the first gives the second, whatever the lists' order", () => {
    fc.assert(
      fc.property(packages, packages, (from, to) => {
        expect(sorted(apply(from, comparePackages(from.toReversed(), to)))).toEqual(sorted(to));
      }),
    );
  });

  it("the other way round is its mirror", () => {
    fc.assert(
      fc.property(content, content, (one, other) => {
        const there = compareContents(one, other);
        const back = compareContents(other, one);
        expect(back.packages.added).toEqual(there.packages.removed);
        expect(back.packages.removed).toEqual(there.packages.added);
        expect(back.packages.changed).toEqual(
          there.packages.changed.map(({ from, to, ...each }) => ({ ...each, from: to, to: from })),
        );
        expect(back.executables).toEqual({
          added: there.executables.removed,
          removed: there.executables.added,
        });
        expect(back.bytes + there.bytes).toBe(0);
        expect(back.files + there.files).toBe(0);
      }),
    );
  });

  it("is sorted, and its folders add up to its bytes", () => {
    fc.assert(
      fc.property(content, content, (one, other) => {
        const { packages: diff, folders, bytes } = compareContents(one, other);
        expect(diff.added).toEqual(sorted(diff.added));
        expect(diff.removed).toEqual(sorted(diff.removed));
        expect(folders.reduce((sum, folder) => sum + folder.bytes, 0)).toBe(bytes);
      }),
    );
  });
});

it("tells the two versions, and that something may be missing", () => {
  const of = (version: string, truncated: boolean): Content => ({
    packages: [{ manager: "apt", name: "curl", version }],
    programs: [],
    newPrograms: [],
    folders: [{ path: "/usr", files: 1, bytes: Number(version) }],
    files: 1,
    bytes: Number(version),
    unreadable: [],
    truncated,
  });
  expect(compareContents(of("7", false), of("8", true))).toEqual({
    packages: { added: [], removed: [], changed: [{ manager: "apt", name: "curl", from: "7", to: "8" }] },
    executables: { added: [], removed: [] },
    folders: [{ path: "/usr", files: 0, bytes: 1 }],
    files: 0,
    bytes: 1,
    truncated: true,
  });
});
