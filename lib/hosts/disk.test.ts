import { expect, it } from "vitest";
import { diskShortage } from "./disk";

const MIB = 1024 ** 2;
it.each<[number | null, number, string | null]>([
  [null, 2048, null],
  [2048 * MIB, 2048, null],
  [2048 * MIB - 1, 2048, "Waiting: 1.9 GB free on rack-1, 2 GB needed."],
  [1229 * MIB, 2048, "Waiting: 1.2 GB free on rack-1, 2 GB needed."],
  [0, 512, "Waiting: 0 GB free on rack-1, 0.5 GB needed."],
  [0, 0, null],
])("%j bytes free, %j MB asked for: %j", (free, floor, sentence) => {
  expect(diskShortage("rack-1", free, floor)).toBe(sentence);
});
