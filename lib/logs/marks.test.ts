import { expect, it } from "vitest";
import {
  looksLikeError,
  type Mark,
  type MarkedLine,
  marksOf,
  nextTrouble,
  parseCommand,
  previousTrouble,
} from "./marks";

const at = Date.parse("2026-11-23T12:00:00.000Z");
const lineOf = (text: string, stream: MarkedLine["stream"] = "stderr"): MarkedLine => ({ stream, at, text });
const kinds = (...texts: string[]) =>
  marksOf(
    texts.map((text) => lineOf(text)),
    10,
  ).map(({ line, kind, text }) => [line, kind, text]);

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
  expect(looksLikeError(text)).toBe(wrong);
  // The quick look before the rules lets everything through that they find.
  expect(marksOf([lineOf(text)], 1)).toHaveLength(wrong ? 1 : 0);
});

it("leaves Kiln's own lines out", () => {
  expect(marksOf([lineOf("error: no", "system")], 1)).toEqual([]);
});

it.each([
  ["::group::Install packages", { kind: "group", text: "Install packages", place: "" }],
  ["  ::endgroup::", { kind: "endgroup", text: "", place: "" }],
  ["::error::it broke", { kind: "error", text: "it broke", place: "" }],
  ["::error file=a.c,line=3,col=9::no %25 here", { kind: "error", text: "no % here", place: "a.c:3" }],
  ["::warning file=b%3Ac.js::old", { kind: "warning", text: "old", place: "b:c.js" }],
  ["::notice title=Cache::two%0Alines", { kind: "notice", text: "Cache: two lines", place: "" }],
  ["\u001b[36m::group::coloured\u001b[0m", { kind: "group", text: "coloured", place: "" }],
  ["::set-output name=x::1", null],
  ["see ::error:: in the manual", null],
  ["std::error::Error", null],
])("reads %s", (text, command) => {
  expect(parseCommand(text)).toEqual(command);
});

it("marks lines by their numbers, with what they say", () => {
  expect(
    kinds("fine", "::group::Build", "error: bad", "::endgroup::", "::error file=x,line=2::worse"),
  ).toEqual([
    [11, "group", "Build"],
    [12, "suspect", "error: bad"],
    [13, "endgroup", ""],
    [14, "error", "worse (x:2)"],
  ]);
});

it("is bounded", () => {
  const many = marksOf(
    Array.from({ length: 500 }, () => lineOf(`error: ${"x".repeat(1_000)}`)),
    1,
  );
  expect(many).toHaveLength(100);
  expect(many[0]?.text).toHaveLength(160);
});

it("goes from one trouble to the next and round", () => {
  const marks = (["notice", "error", "warning", "suspect"] as const).map(
    (kind, index): Mark => ({ line: index + 1, kind, text: "", at }),
  );
  expect([0, 2, 4].map((after) => nextTrouble(marks, after))).toEqual([2, 4, 2]);
  expect(nextTrouble([], 0)).toBeNull();
  expect([5, 4, 2].map((before) => previousTrouble(marks, before))).toEqual([4, 2, 4]);
  expect(previousTrouble([], 1)).toBeNull();
});
