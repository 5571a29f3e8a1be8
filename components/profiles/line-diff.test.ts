import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, fold } from "./line-diff";

const marks = { same: " ", added: "+", deleted: "-", gap: "~" };
const show = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => marks[kind] + text);

describe("diffLines", () => {
  it.each([
    ["", "", []],
    ["a", "a", [" a"]],
    ["a\n", "a", [" a"]],
    ["", "a\nb", ["+a", "+b"]],
    ["a\nb", "", ["-a", "-b"]],
    ["a\nb\nc", "a\nx\nc", [" a", "-b", "+x", " c"]],
    ["a\nb\nc", "b\nc\nd", ["-a", " b", " c", "+d"]],
    ["a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc", ["-a", "-b", " c", "+b", " a", " b", "-b", " a", "+c"]],
  ])("%j to %j", (before, after, lines) => {
    expect(show(before, after)).toEqual(lines);
  });

  it("always leads from the one text to the other", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 30 })
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const without = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text);
        const split = (value: string) => (value === "" ? [] : value.replace(/\n$/, "").split("\n"));
        expect(without("added")).toEqual(split(before));
        expect(without("deleted")).toEqual(split(after));
      }),
    );
  });

  it("is quick about texts that have nothing in common", () => {
    const text = (mark: string) => Array.from({ length: 6000 }, (_, index) => `${mark}${index}`).join("\n");
    expect(diffLines(text("a"), text("b"))).toHaveLength(12_000);
  }, 5000);
});

it("fold leaves out what is far from a change", () => {
  const before = Array.from({ length: 20 }, (_, index) => String(index)).join("\n");
  const folded = fold(diffLines(before, before.replace("\n10\n", "\nten\n")), 1);
  expect(
    folded.map((line) => (line.kind === "gap" ? `~${line.lines}` : marks[line.kind] + line.text)),
  ).toEqual(["~9", " 9", "-10", "+ten", " 11", "~8"]);
});
