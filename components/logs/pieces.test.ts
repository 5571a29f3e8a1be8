import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAnsi } from "@/lib/logs/ansi";
import { piecesOf } from "./pieces";
import { matcherOf, spansIn } from "./search";

const esc = "\u001b";

it("cuts runs where hits begin and end", () => {
  const pieces = piecesOf(parseAnsi(`ab${esc}[1mcd${esc}[0mef`), [{ from: 1, to: 5 }]);
  expect(pieces.map((piece) => [piece.text, piece.hit])).toEqual([
    ["a", false],
    ["b", true],
    ["cd", true],
    ["e", true],
    ["f", false],
  ]);
});

it("loses nothing and marks exactly what was found", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", `${esc}[1m`, `${esc}[0m`, "\u202e", " "), { maxLength: 40 }),
      (parts) => {
        const runs = parseAnsi(parts.join(""));
        const clean = runs.map((run) => run.text).join("");
        const matcher = matcherOf({ query: "ab", regex: false });
        const spans = matcher ? spansIn(clean, matcher) : [];
        const pieces = piecesOf(runs, spans);
        expect(pieces.map((piece) => piece.text).join("")).toBe(clean);
        expect(
          pieces
            .filter((piece) => piece.hit)
            .map((piece) => piece.text)
            .join(""),
        ).toBe("ab".repeat(spans.length));
        expect(pieces.filter((piece) => piece.run.mark !== null)).toHaveLength(
          parts.filter((part) => part === "\u202e").length,
        );
      },
    ),
  );
});
