import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineMaker, type Lines, MAX_LINE_CHARS } from "./line-maker";

const ESC = "\x1b";
const bytesOf = (text: string) => new TextEncoder().encode(text);

const textsOf = (pieces: readonly Lines[]) => pieces.flatMap(textsOfOne);

const textsOfOne = ({ count, bytes }: Lines) => {
  const texts = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes).split("\n");
  expect(texts.pop()).toBe("");
  expect(texts).toHaveLength(count);
  return texts;
};

/** All lines of a stream that arrives in these pieces. */
function linesOf(pieces: readonly Uint8Array[]): string[] {
  const maker = new LineMaker();
  return [...pieces.flatMap((piece) => textsOf(maker.push(piece))), ...textsOf(maker.end())];
}

/** Cuts at these offsets, wherever they fall. */
function cutAt(data: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...cuts.map((cut) => cut % (data.length + 1)), data.length].sort((a, b) => a - b);
  return ends.map((end, index) => data.subarray(ends[index - 1] ?? 0, end));
}

describe("LineMaker", () => {
  it.each([
    ["nothing", "", []],
    ["one line", "hello\n", ["hello"]],
    ["a line without an end", "hello", ["hello"]],
    ["empty lines", "\n\n", ["", ""]],
    ["lines and a rest", "a\nb\nc", ["a", "b", "c"]],
    ["Windows line ends", "a\r\nb\r\n", ["a", "b"]],
    ["a progress bar", " 10%\r 50%\r100%\ndone\n", ["100%", "done"]],
    ["colours", `${ESC}[32mok${ESC}[0m\n`, [`${ESC}[32mok${ESC}[0m`]],
    ["NUL", "a\0b\n", ["ab"]],
    ["a BOM is a character like any other", "\uFEFFa\n\uFEFFb\n", ["\uFEFFa", "\uFEFFb"]],
    ["a line separator that isn't a line feed", "a\u2028b\vc\n", ["a\u2028b\vc"]],
  ])("%s", (_, text, lines) => {
    expect(linesOf([bytesOf(text)])).toEqual(lines);
  });

  it.each([
    ["a byte that never occurs", [0x61, 0xff, 0x62, 0x0a], ["a\uFFFDb"]],
    ["a lone continuation byte", [0x80, 0x0a], ["\uFFFD"]],
    ["a character that is cut off by a line feed", [0xe2, 0x82, 0x0a, 0x61], ["\uFFFD", "a"]],
    ["a character that is cut off by the end", [0x61, 0xf0, 0x9f, 0x98], ["a\uFFFD"]],
    ["an overlong form", [0xc0, 0xaf, 0x0a], ["\uFFFD\uFFFD"]],
    ["half a surrogate pair", [0xed, 0xa0, 0x80, 0x0a], ["\uFFFD\uFFFD\uFFFD"]],
  ])("shows what isn't UTF-8: %s", (_, bytes, lines) => {
    expect(linesOf([new Uint8Array(bytes)])).toEqual(lines);
  });

  it("gives a line as soon as it is complete, and not before", () => {
    const maker = new LineMaker();
    expect(textsOf(maker.push(bytesOf("he")))).toEqual([]);
    expect(textsOf(maker.push(bytesOf("llo\nwor")))).toEqual(["hello"]);
    expect(textsOf(maker.push(bytesOf("ld")))).toEqual([]);
    expect(textsOf(maker.end())).toEqual(["world"]);
    expect(textsOf(maker.end())).toEqual([]);
  });

  it("begins anew after an end", () => {
    const maker = new LineMaker();
    maker.push(new Uint8Array([0x61, 0xe2, 0x82]));
    expect(textsOf(maker.end())).toEqual(["a\uFFFD"]);
    expect(textsOf(maker.push(bytesOf("b\n")))).toEqual(["b"]);
  });

  it("gives the same lines however the bytes are cut", () => {
    const control = fc.constantFrom(
      "\r",
      "\n",
      "\r\n",
      "\b",
      "\0",
      `${ESC}[K`,
      `${ESC}[2K`,
      `${ESC}[31m`,
      `${ESC}[0m`,
      `${ESC}[3G`,
      `${ESC}[2D`,
    );
    const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 8 }), control).map(bytesOf);
    const garbage = fc.uint8Array({ maxLength: 6 });
    const stream = fc
      .array(fc.oneof({ weight: 4, arbitrary: text }, garbage), { maxLength: 40 })
      .map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 30 }), (data, cuts) => {
        expect(linesOf(cutAt(data, cuts))).toEqual(linesOf([data]));
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives the same lines byte by byte", () => {
    const data = bytesOf(`café 😀 日本\r\n${ESC}[31mrot${ESC}[0m 1%\r2%\nrest`);
    expect(linesOf([...data].map((byte) => new Uint8Array([byte])))).toEqual([
      "café 😀 日本",
      `2%${ESC}[31mt${ESC}[0m 1%`,
      "rest",
    ]);
  });
});

describe("a line without an end", () => {
  const long = fc
    .tuple(fc.integer({ min: 0, max: 4 * MAX_LINE_CHARS }), fc.constantFrom("x", "é", "😀", "日本"))
    .map(([length, unit]) => unit.repeat(length / unit.length));

  it("is cut into pieces of the same text, wherever the bytes were cut", () => {
    fc.assert(
      fc.property(long, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const lines = linesOf(cutAt(bytesOf(text), cuts));
        expect(lines).toEqual(linesOf([bytesOf(text)]));
        expect(lines.join("")).toBe(text);
        expect(lines.every((line) => line.length <= MAX_LINE_CHARS && line.isWellFormed())).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("of exactly the bound is one line", () => {
    expect(linesOf([bytesOf(`${"x".repeat(MAX_LINE_CHARS)}\n`)])).toHaveLength(1);
    expect(linesOf([bytesOf(`${"x".repeat(MAX_LINE_CHARS + 1)}\n`)]).map((line) => line.length)).toEqual([
      MAX_LINE_CHARS,
      1,
    ]);
  });

  it("of 10 MB is given while it comes, in little memory", () => {
    const maker = new LineMaker();
    const piece = bytesOf("y".repeat(64 * 1024));
    let given = 0;
    for (let i = 0; i < 160; i += 1) given += textsOf(maker.push(piece)).join("").length;
    expect(given).toBeGreaterThanOrEqual(160 * piece.length - MAX_LINE_CHARS);
    expect(given + textsOf(maker.end()).join("").length).toBe(160 * piece.length);
  });

  it("that is a progress bar stays one line", () => {
    const maker = new LineMaker();
    for (let i = 0; i < 20_000; i += 1) expect(textsOf(maker.push(bytesOf(`\r${i} of 20000 `)))).toEqual([]);
    expect(textsOf(maker.push(bytesOf("\rdone          \n")))).toEqual(["done"]);
  });

  it("is bounded, whatever is in it", () => {
    const styles = Array.from({ length: 60 }, (_, index) => `${ESC}[${index % 8};${30 + (index % 8)}m`).join(
      "",
    );
    const text = `.\r${styles}${`${ESC}[4mx${ESC}[3my`.repeat(1_500)}`;
    expect(text.length).toBeLessThan(MAX_LINE_CHARS * 2);
    const lines = linesOf([bytesOf(text)]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(MAX_LINE_CHARS);
  });
});
