import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { folderAbove, pathIn, readEntries } from "./entries";

const line = (name: string, mode = "81a4") => `${mode} 12 1700000000 ./${name}`;

describe("a folder's entries", () => {
  it("are folders first, then by name with numbers in order", () => {
    const said = ["/work", line("b"), line("a10"), line("a9"), line("z", "41ed"), line("m", "a1ff"), ""].join(
      "\n",
    );
    const { path, items, truncated } = readEntries(said, false);
    expect([path, truncated]).toEqual(["/work", false]);
    expect(items.map(({ name, kind, mode }) => `${kind} ${mode} ${name}`)).toEqual([
      "folder rwxr-xr-x z",
      "file rw-r--r-- a9",
      "file rw-r--r-- a10",
      "file rw-r--r-- b",
      "link rwxrwxrwx m",
    ]);
    expect(items[1]).toMatchObject({ bytes: 12, modifiedAt: "2023-11-14T22:13:20.000Z", isLink: false });
  });

  it("a link that leads to a folder opens like one, and is a link all the same", () => {
    const { items } = readEntries(
      `/\n${line("up", "a1ff")}\n${line("x", "a1ff")}\nto ./up\nto ./gone\n`,
      false,
    );
    expect(items.map(({ name, kind, isLink }) => [name, kind, isLink])).toEqual([
      ["up", "folder", true],
      ["x", "link", true],
    ]);
  });

  it("a device is neither, and times that no calendar has do no harm", () => {
    const { items } = readEntries("/dev\n21b6 0 99999999999999999 ./null\n", false);
    expect(items[0]).toMatchObject({ kind: "other", name: "null" });
  });

  it("what was cut off in the middle of a name isn't listed under half of it", () => {
    expect(readEntries(`/\n${line("whole")}\n${line("ha")}`, true)).toMatchObject({
      items: [{ name: "whole" }],
      truncated: true,
    });
  });

  it("5,000 are listed, and that there are more is said", () => {
    const said = `/\n${Array.from({ length: 5_001 }, (_, index) => line(`f${index}`)).join("\n")}\n`;
    const { items, truncated } = readEntries(said, false);
    expect([items.length, truncated]).toEqual([5_000, true]);
  });

  it("any names come back as they are, also with line ends in them", () => {
    const safe = fc
      .string({ minLength: 1, unit: fc.constantFrom(..."ab \n.-✓'\"/\\:".split("")) })
      .filter((name) => !name.includes("/") && !name.endsWith("\n") && name !== "." && name !== "..");
    fc.assert(
      fc.property(fc.uniqueArray(safe, { maxLength: 8 }), (names) => {
        const said = `/x\n${names.map((name) => `${line(name)}\n`).join("")}`;
        const { items } = readEntries(said, false);
        expect(items.map(({ name }) => name).sort()).toEqual([...names].sort());
      }),
      // One that another one begins with.
      { examples: [[["x", "x\na"]]] },
    );
  });

  it("nothing is in an empty one", () => {
    expect(readEntries("/empty\n", false)).toEqual({ path: "/empty", items: [], truncated: false });
  });
});

it("paths go down and up again", () => {
  expect(pathIn("/", "a")).toBe("/a");
  expect(pathIn("/a", "b")).toBe("/a/b");
  expect([folderAbove("/a/b"), folderAbove("/a"), folderAbove("/")]).toEqual(["/a", "/", null]);
});
