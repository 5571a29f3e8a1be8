import { describe, expect, it } from "vitest";
import type { LogLine } from "@/lib/snapshots/wire";
import { isBroken, matcherOf, placeFrom, searchLines, spansIn } from "./search";

const lines = ["alpha", "\u001b[31mBe\u001b[0mta", "a.c", "abc", "Alpha"].map(
  (text, index): LogLine => ({
    line: index + 1,
    step: "setup",
    stream: "stdout",
    at: "2026-11-23T12:00:00.000Z",
    text,
  }),
);
function search(query: string, regex = false): number[] {
  const matcher = matcherOf({ query, regex });
  const found: number[] = [];
  if (matcher) searchLines(lines, 0, lines.length, matcher, found);
  return found;
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

  it("goes round", () => {
    expect([placeFrom([3, 8], 1), placeFrom([3, 8], 4), placeFrom([3, 8], 9)]).toEqual([0, 1, 0]);
  });
});
