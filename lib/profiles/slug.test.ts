import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slugOf, whereProfile } from "./slug";

describe("slugOf", () => {
  it.each([
    ["Example", "example"],
    ["My First Profile", "my-first-profile"],
    ["  Node.js 24 / pnpm  ", "node-js-24-pnpm"],
    ["Größe & Ähre", "gro-e-ahre"],
    ["Crème brûlée", "creme-brulee"],
    ["ﬁne", "fine"],
    ["２０２６", "2026"],
    ["a---b___c", "a-b-c"],
    ["--a--", "a"],
    ["日本語", "profile"],
    ["😀", "profile"],
    ["...", "profile"],
    ["", "profile"],
    [`${"a".repeat(59)} b`, "a".repeat(59)],
    ["b".repeat(80), "b".repeat(60)],
    ["../../etc/passwd", "etc-passwd"],
  ])("%j is %s", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it("is never taken for an id: paths name a profile by either", () => {
    expect(slugOf("0193A1B2-0000-7000-8000-0123456789ab")).toBe(
      "profile-0193a1b2-0000-7000-8000-0123456789ab",
    );
  });

  it("is always a path segment and a part of an image's name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (name) => {
        expect(slugOf(name)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        expect(slugOf(name).length).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("of a slug is itself", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => slugOf(slugOf(name)) === slugOf(name)));
  });
});

describe("whereProfile", () => {
  const id = "0193a1b2-0000-7000-8000-0123456789ab";
  it.each([
    [id, { id }],
    ["example", { slug: "example" }],
    [id.slice(1), { slug: id.slice(1) }],
    ["no\0slug", { slug: "no\uFFFDslug" }],
  ])("%j", (named, where) => {
    expect(whereProfile(named)).toEqual(where);
  });
});
