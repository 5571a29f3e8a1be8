import { expect, it } from "vitest";
import { isFromOutside } from "./ended";

it("an end is a sandbox's own by its code, or for memory", () => {
  const outside = (exitCode: number, outOfMemory = false) => isFromOutside({ exitCode, outOfMemory });
  // Told to, killed, not trapped, not seen.
  expect([0, 137, 143, 255].map((code) => outside(code))).toEqual([true, true, true, true]);
  // No process can be made, no such program, a crash.
  expect([2, 127, 139].map((code) => outside(code))).toEqual([false, false, false]);
  expect(outside(137, true)).toBe(false);
});
