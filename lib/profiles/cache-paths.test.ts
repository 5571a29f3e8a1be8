import { describe, expect, it } from "vitest";
import { isWithin, needsCacheFolders } from "./cache-paths";
import { specSchema } from "./spec";

const wrong = (spec: object) => {
  const parsed = specSchema.safeParse({ baseImage: "debian", ...spec });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("caches", () => {
  it.each<[string]>([
    ["/var/cache/apt"],
    ["/var/cache/apt/archives"],
    ["/var/lib/apt/lists"],
    ["/root/.npm"],
    ["/root/.cache/pip"],
    ["/home/dev/.m2 and more"],
    ["/ccache"],
    ["/usr/local/cargo/registry"],
    ["/run/other"],
    ["/device"],
  ])("%j is taken", (path) => {
    expect(wrong({ caches: [path] })).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ["/", /not the root/],
    ["root/.npm", /Start the path with a slash/],
    ["/a/../b", /plain path/],
    ["/run/kiln", /\/run\/kiln is Kiln's/],
    ["/run/secrets/x", /\/run\/secrets is/],
    ["/var/run/secrets", /\/var\/run is/],
    ["/proc", /\/proc is/],
    ["/sys/fs", /\/sys is/],
    ["/dev/shm", /\/dev is/],
    ["/usr", /within \/usr/],
    ["/run", /within \/run/],
    ["/root", /within \/root/],
    ["/a\nb", /control characters/],
    ["/a,b", /commas/],
  ])("%j is refused", (path, sentence) => {
    const said = wrong({ caches: [path] });
    expect(said.length).toBeGreaterThan(0);
    expect(said.join()).toMatch(sentence);
    for (const one of said) expect(one).toMatch(/^caches\.0: [A-Z].*\.$/);
  });

  it("one path twice, and one within another, whichever comes first", () => {
    expect(wrong({ caches: ["/a/b", "/c", "/a/b"] })).toEqual(["caches.2: This path is in the list twice."]);
    expect(wrong({ caches: ["/a", "/a/b"] })).toEqual([
      "caches.1: This path lies within /a, which is a cache already.",
    ]);
    expect(wrong({ caches: ["/a/b/c", "/a"] })).toEqual([
      "caches.0: This path lies within /a, which is a cache already.",
    ]);
    expect(wrong({ caches: ["/a", "/ab"] })).toEqual([]);
  });

  it("at most twenty", () => {
    const some = (count: number) => Array.from({ length: count }, (_, index) => `/c${index}`);
    expect(wrong({ caches: some(20) })).toEqual([]);
    expect(wrong({ caches: some(21) })).toEqual(["caches: Use at most 20 caches."]);
  });

  it("what would be put into one, and so be missing in the image, is named", () => {
    const after = "lies in this cache, and caches aren't in the image.";
    expect(wrong({ caches: ["/work"], workdir: "/work/here" })).toEqual([
      `caches.0: The working directory /work/here ${after}`,
    ]);
    const files = [{ path: "/c/.npmrc", content: "" }];
    expect(wrong({ caches: ["/b", "/c"], files })).toEqual([`caches.1: The file /c/.npmrc ${after}`]);
    const repositories = [{ url: "https://a.b/c", path: "/b" }];
    expect(wrong({ caches: ["/b"], repositories })).toEqual([`caches.0: The repository /b ${after}`]);
    expect(wrong({ caches: ["/workspace/node_modules"] })).toEqual([]);
  });
});

it.each<[string, string[], boolean]>([
  ["root", ["/a"], false],
  ["0:0", ["/a"], false],
  ["dev", ["/a"], true],
  ["1000:1000", ["/a"], true],
  ["rooty", ["/a"], true],
  ["dev", [], false],
])("folders are made for %s with %j: %j", (user, caches, needed) => {
  expect(needsCacheFolders({ user, caches })).toBe(needed);
});

it("a path is within itself and the folders above it, not within others that begin alike", () => {
  expect(isWithin("/a/b", "/a")).toBe(true);
  expect(isWithin("/a", "/a")).toBe(true);
  expect(isWithin("/ab", "/a")).toBe(false);
  expect(isWithin("/a", "/a/b")).toBe(false);
});
