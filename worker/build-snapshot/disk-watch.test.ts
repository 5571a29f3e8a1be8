import { describe, expect, it } from "vitest";
import { overrunSentence, saysFull } from "./disk-watch";

const MIB = 1024 * 1024;

describe("a sentence about too much disk", () => {
  it.each([
    [
      { kind: "limit", usedBytes: 523.4 * MIB, limitMb: 500 },
      "The check used 523 MB of disk, more than the limit of 500 MB, and was stopped.",
    ],
    [
      { kind: "low", freeBytes: 201 * MIB, minimumFreeMb: 256 },
      "The engine's disk is nearly full: 201 MB are free, and builds are stopped below 256 MB.",
    ],
    [
      { kind: "full", freeBytes: 1.26 * MIB },
      "The check found no room on the engine's disk, which has 1.3 MB free.",
    ],
    [{ kind: "full", freeBytes: null }, "The check found no room on the engine's disk."],
  ] as const)("%j", (overrun, sentence) => {
    expect(overrunSentence("The check", overrun)).toBe(sentence);
  });
});

describe("an output that tells of a full disk", () => {
  it.each([
    ["dd: error writing '/big': No space left on device\n", true],
    ["write /var/lib/docker/tmp/x: no space left on device", true],
    ["npm error ENOSPC: no space", true],
    ["fine\n", false],
    [`No space left on device\n${"and went on for long\n".repeat(200)}`, false],
  ])("%j", (text, full) => {
    expect(saysFull(text)).toBe(full);
  });
});
