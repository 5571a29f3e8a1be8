import { describe, expect, it } from "vitest";
import { cleanLines } from "@/lib/logs/ansi";
import { isBroken, matcherOf, placeOf, searchLines, spansIn } from "./search";

const text = cleanLines(["alpha", "\u001b[31mBe\u001b[0mta", "a.c", "abc", "Alpha"].join("\n"));
function search(query: string, regex = false): number[] {
  const matcher = matcherOf({ query, regex });
  return matcher ? searchLines(text, 1, matcher) : [];
}

describe("search", () => {
  it.each([
    ["alpha", false, [1, 5]],
    ["Alpha", false, [5]],
    ["beta", false, [2]],
    ["a.c", false, [3]],
    ["a.c", true, [3, 4]],
    ["^a\\w+$", true, [1, 4, 5]],
    ["(", false, []],
    ["(", true, []],
    ["x*", true, []],
    ["", false, []],
  ])("%s, as a pattern: %s", (query, regex, found) => {
    expect(search(query, regex)).toEqual(found);
  });

  it("says when a pattern is broken", () => {
    expect(isBroken({ query: "(", regex: true })).toBe(true);
    expect(isBroken({ query: "(", regex: false })).toBe(false);
    expect(isBroken({ query: "", regex: true })).toBe(false);
  });

  it("finds each place in a line", () => {
    const matcher = matcherOf({ query: "ab", regex: false });
    expect(matcher && spansIn("ab cAB", matcher)).toEqual([
      { from: 0, to: 2 },
      { from: 4, to: 6 },
    ]);
  });

  it("finds the place of a line", () => {
    expect([0, 3, 4, 8, 9].map((line) => placeOf([3, 8], line))).toEqual([0, 0, 1, 1, 2]);
    expect(placeOf([], 1)).toBe(0);
  });
});
