import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baseMoved, headMoved, isPinned, readHeads } from "./moved";

const [one, other] = ["a".repeat(40), "b".repeat(40)];

it.each([
  ["debian:12", false],
  [`debian@sha256:${"0".repeat(64)}`, true],
  ["registry:5000/tools", false],
])("%s is pinned: %s", (reference, pinned) => {
  expect(isPinned(reference)).toBe(pinned);
});

it.each([
  [null, "sha256:1", false],
  ["name@sha256:1", "sha256:1", false],
  ["name@sha256:1", "sha256:2", true],
  ["sha256:1", "sha256:2", false],
])("%s is behind %s: %s", (built, current, moved) => {
  expect(baseMoved(built, current)).toBe(moved);
});

describe("heads", () => {
  it("are read line by line, and what is no head is nothing", () => {
    const output = [
      "Welcome to this image!",
      `kiln-head 0 ${one} ${other}`,
      `kiln-head 1 ${one} ${one}`,
      `kiln-head 2 - ${one}`,
      `kiln-head 3 ${one} -`,
      `kiln-head 4 ${one} !`,
      `kiln-head x ${one} ${other}`,
    ].join("\n");
    const heads = readHeads(output);
    expect(heads.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(heads.map(headMoved)).toEqual([true, false, false, false, false]);
    expect(heads.map(({ failed }) => failed)).toEqual([false, false, false, false, true]);
  });

  it("never throw, whatever an image prints", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (output) => {
        for (const head of readHeads(output)) expect(headMoved(head)).toBeTypeOf("boolean");
      }),
    );
  });
});
