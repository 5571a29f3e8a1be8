import { expect, it } from "vitest";
import { recall } from "./history";

const commands = ["ls", "make", "make", "node -v"];

it.each([
  [0, 1, { back: 1, text: "node -v" }],
  [1, 1, { back: 2, text: "make" }],
  [2, 1, { back: 3, text: "ls" }],
  [3, 1, { back: 3, text: "ls" }],
  [1, -1, { back: 0, text: "typing" }],
  [0, -1, { back: 0, text: "typing" }],
] as const)("from %i, %i", (from, direction, expected) => {
  expect(recall(commands, from, direction, "typing")).toEqual(expected);
});

it("has nothing to recall at first", () => {
  expect(recall([], 0, 1, "typing")).toEqual({ back: 0, text: "typing" });
});
