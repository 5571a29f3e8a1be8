import { expect, it } from "vitest";
import type { LogLine } from "@/lib/snapshots/wire";
import { looksLikeError, nextError } from "./errors";

const lineOf = (text: string, stream: LogLine["stream"] = "stderr"): LogLine => ({
  line: 1,
  step: "setup",
  stream,
  at: "2026-11-23T12:00:00.000Z",
  text,
});

it.each([
  ["E: Unable to locate package nodejss", true],
  ["npm ERR! code E404", true],
  ["npm error code ENOENT", true],
  ["error: could not compile `kiln`", true],
  ["\u001b[31merror\u001b[0m: bad", true],
  ["src/app.ts(3,1): error TS2304: Cannot find name", true],
  ["TypeError: undefined is not a function", true],
  ["  ModuleNotFoundError: No module named 'yaml'", true],
  ["Traceback (most recent call last):", true],
  ["fatal: repository not found", true],
  ["bash: foo: command not found", true],
  ["make: *** [all] Error 2", true],
  ["sh: 1: cannot open x: Permission denied", true],
  ["Compiled with 0 errors", false],
  ["Setting up liberror-perl (0.17029-2) ...", false],
  ["errors: 0", false],
  ["terrorism: a study", false],
  ["The process exited with code 1", true],
  ["The process exited with code 0", false],
])("%s: %s", (text, wrong) => {
  expect(looksLikeError(lineOf(text))).toBe(wrong);
});

it("leaves Kiln's own lines out", () => {
  expect(looksLikeError(lineOf("error: no", "system"))).toBe(false);
});

it("goes from one to the next and round", () => {
  const lines = ["ok", "error: one", "ok", "error: two"].map((text) => lineOf(text));
  expect([nextError(lines, 4, 0), nextError(lines, 4, 2), nextError(lines, 4, 4)]).toEqual([2, 4, 2]);
  expect(nextError(lines, 1, 0)).toBeNull();
  expect(nextError([], 0, 0)).toBeNull();
});
