import { expect, it } from "vitest";
import { type ChunkLine, decodeLines, packLines } from "./chunk";
import { textOfChunk } from "./chunk-text";

const at = Date.parse("2026-11-23T12:00:00.000Z");
const chunkOf = (data: Uint8Array) => ({ firstLine: 1, step: "setup", at: new Date(at), data });
const textOf = (data: Uint8Array, lineCount: number) =>
  new TextDecoder().decode(textOfChunk({ ...chunkOf(data), lineCount }));

it.each([
  [["one"]],
  [["", "zwei ü", "\u001b[31mred"]],
  [Array.from({ length: 300 }, (_, index) => `line ${index}`)],
  [[]],
])("is the lines and nothing else: %#", (texts) => {
  const streams = ["stdout", "stderr", "system"] as const;
  const lines = texts.map(
    (text, index): ChunkLine => ({ stream: streams[index % 3] ?? "stdout", at: at + index, text }),
  );
  expect(textOf(packLines(lines).data, lines.length)).toBe(texts.map((text) => `${text}\n`).join(""));
});

it("reads what earlier releases wrote", () => {
  const data = new TextEncoder().encode("o0 one\ne1a two");
  expect(decodeLines(chunkOf(data)).map(({ text }) => text)).toEqual(["one", "two"]);
  expect(textOf(data, 2)).toBe("one\ntwo\n");
});
