import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addText, type KeptLine } from "./log-lines";

const none: readonly KeptLine[] = [];

describe("a container's log in a page", () => {
  it("has the same lines however its text was cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "bc", "\n", " "), { minLength: 1, maxLength: 40 }),
        (parts) => {
          const cut = parts.reduce(addText, none);
          expect(cut.map(({ text }) => text).join("\n")).toBe(parts.join(""));
          expect(cut).toEqual(addText(none, parts.join("")));
        },
      ),
    );
  });

  it("keeps the last 2,000 lines by their numbers, and of a long line its end", () => {
    const many = addText(none, Array.from({ length: 2_500 }, (_, number) => `line ${number}`).join("\n"));
    expect(many).toHaveLength(2_000);
    expect([many[0], many.at(-1)]).toEqual([
      { number: 500, text: "line 500" },
      { number: 2_499, text: "line 2499" },
    ]);
    const [long] = addText(none, `${"x".repeat(20_000)}end`);
    expect(long?.text).toMatch(/^x+end$/);
    expect(long?.text).toHaveLength(16_384);
  });
});
