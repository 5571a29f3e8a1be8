import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChunkLine, decodeLines, type LogStream, packLines } from "./chunk";

const start = Date.UTC(2026, 10, 23, 12);
const stream = fc.constantFrom<LogStream>("stdout", "stderr", "system");
/** Any text that can be stored: a line feed ends a line, and half a surrogate pair is no text. */
const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\n", " "));
const line = fc.record({ stream, text, at: fc.integer({ min: start, max: start + 86_400_000 }) });

const store = (lines: ChunkLine[]) => {
  const { at, data } = packLines(lines);
  return { firstLine: 41, step: "setup", at: new Date(at), data };
};

describe("a chunk", () => {
  it("gives back what was put in", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 50 }), (some) => {
        // Relative to the first one's: time doesn't go back in a chunk.
        const lines = some.toSorted((one, other) => one.at - other.at);
        const expected = lines.map(({ at, ...rest }, index) => ({
          ...rest,
          line: 41 + index,
          step: "setup",
          at: new Date(at).toISOString(),
        }));
        expect(decodeLines(store(lines))).toEqual(expected);
        expect(packLines(lines)).toMatchObject({
          count: lines.length,
          stdoutLines: lines.filter((each) => each.stream === "stdout").length,
          stderrLines: lines.filter((each) => each.stream === "stderr").length,
          bytes: lines.reduce((sum, each) => sum + Buffer.byteLength(each.text) + 1, 0),
        });
      }),
    );
  });

  it("of no lines holds no lines", () => {
    expect(decodeLines(store([]))).toEqual([]);
  });

  it.each([
    [""],
    [" "],
    ["  two spaces"],
    ["o5 looks like a row"],
    ["\0nul\0"],
    ["\uFEFFBOM"],
    ["\r"],
    ["😀".repeat(3)],
  ])("keeps %j", (kept) => {
    const [only] = decodeLines(store([{ stream: "stdout", at: start, text: kept }]));
    expect(only?.text).toBe(kept);
  });

  it("keeps a line one line, whatever is in it", () => {
    const decoded = decodeLines(
      store([
        { stream: "system", at: start, text: "one\ntwo" },
        { stream: "stdout", at: start, text: "three" },
      ]),
    );
    expect(decoded.map((each) => each.text)).toEqual(["one two", "three"]);
  });

  it("puts a line from before its chunk's time at the chunk's time", () => {
    const text = "the clock went back";
    const lines = decodeLines(store([start, start - 5_000].map((at) => ({ stream: "stdout", at, text }))));
    expect(lines[1]?.at).toBe(new Date(start).toISOString());
  });

  it("costs few bytes over its text", () => {
    const lines = Array.from({ length: 100 }, (_, index) => ({
      stream: "stdout" as const,
      at: start + index,
      text: "x".repeat(40),
    }));
    expect(packLines(lines).data.length).toBeLessThan(100 * (40 + 8));
  });

  it("of an earlier release, a row a line, can be read", () => {
    const data = new TextEncoder().encode("o0 one\neb  two\nsc three");
    expect(
      decodeLines({ firstLine: 7, step: "setup", at: new Date(start), data }).map(
        ({ line, stream, at, text }) => [line, stream, Date.parse(at) - start, text],
      ),
    ).toEqual([
      [7, "stdout", 0, "one"],
      [8, "stderr", 11, " two"],
      [9, "system", 12, "three"],
    ]);
  });
});
