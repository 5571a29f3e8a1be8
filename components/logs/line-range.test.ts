import { expect, it } from "vitest";
import { extendRange, formatRange, parseRange, parseTyped } from "./line-range";

it.each([
  ["#L120", { from: 120, to: 120 }],
  ["#L120-L140", { from: 120, to: 140 }],
  ["#L140-L120", { from: 120, to: 140 }],
  ["#L120-140", { from: 120, to: 140 }],
  ["#L0", null],
  ["#L", null],
  ["#main", null],
  ["", null],
  ["#L1-L2-L3", null],
])("reads %s", (hash, range) => {
  expect(parseRange(hash)).toEqual(range);
});

it("writes what it reads", () => {
  for (const hash of ["#L7", "#L7-L9"])
    expect(formatRange(parseRange(hash) ?? { from: 0, to: 0 })).toBe(hash);
});

it.each([
  [null, 5, true, { from: 5, to: 5 }],
  [{ from: 3, to: 3 }, 5, false, { from: 5, to: 5 }],
  [{ from: 3, to: 3 }, 5, true, { from: 3, to: 5 }],
  [{ from: 3, to: 9 }, 5, true, { from: 3, to: 5 }],
  [{ from: 3, to: 9 }, 1, true, { from: 1, to: 9 }],
])("a click after %j on %i, shift %s", (current, line, shift, range) => {
  expect(extendRange(current, line, shift)).toEqual(range);
});

it.each([
  ["120", { from: 120, to: 120 }],
  [" 1,200 - 1,300 ", { from: 1_200, to: 1_300 }],
  ["#L7-L9", { from: 7, to: 9 }],
  ["140–120", { from: 120, to: 140 }],
  ["10..20", { from: 10, to: 20 }],
  ["", null],
  ["0", null],
  ["one", null],
])("takes %j as it is meant", (text, range) => {
  expect(parseTyped(text)).toEqual(range);
});
