import { describe, expect, it } from "vitest";
import { nestedPath } from "./persistent-paths";
import { specSchema } from "./spec";

const wrong = (...persistentPaths: string[]) => {
  const parsed = specSchema.safeParse({ baseImage: "busybox", persistentPaths });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => [path.join("."), message]);
};

describe("persistent paths", () => {
  it("are none unless they are named", () => {
    expect(specSchema.parse({ baseImage: "busybox" }).persistentPaths).toEqual([]);
    expect(wrong("/workspace", "/home/dev", "/root", "/var/lib/app")).toEqual([]);
  });

  it.each(["/", "/proc", "/proc/x", "/sys", "/dev/shm", "/run", "/run/x", "/var/run/x", "/usr", "/etc"])(
    "%s would do harm",
    (path) => {
      expect(wrong("/data", path)).toEqual([["persistentPaths.1", expect.any(String)]]);
    },
  );

  it.each(["data", "/a/../b", "/a//b", "/a/", "/a,b", "/a\nb", "/a\\b"])("%j is no plain path", (path) => {
    expect(wrong(path)).not.toEqual([]);
  });

  it("lie neither in each other nor in the list twice", () => {
    expect(wrong("/a/b", "/a")).toEqual([["persistentPaths.0", expect.stringContaining("lies within /a")]]);
    expect(wrong("/a", "/a")).toEqual([["persistentPaths.1", expect.stringContaining("twice")]]);
    expect(wrong("/a", "/ab")).toEqual([]);
  });

  it("are at most 16", () => {
    expect(wrong(...Array.from({ length: 16 }, (_, index) => `/p${index}`))).toEqual([]);
    expect(wrong(...Array.from({ length: 17 }, (_, index) => `/p${index}`))).toHaveLength(1);
  });
});

it("a move finds the path that overlaps", () => {
  expect(nestedPath(["/a"], ["/b", "/a/c"])).toBe("/a/c");
  expect(nestedPath(["/a/c"], ["/a"])).toBe("/a");
  expect(nestedPath(["/a"], ["/b"])).toBeNull();
});
