import { expect, it } from "vitest";
import { outputLines, SHOWN_LINES } from "./output-lines";

it.each([
  ["", []],
  ["a\nb\n", ["a", "b"]],
  ["a\n\nb", ["a", "", "b"]],
  ["10%\r50%\r100%\r\ndone\n", ["100%", "done"]],
])("%j", (output, texts) => {
  expect(outputLines(output).lines.map((line) => line.text)).toEqual(texts);
});

it("lets a colour last to the next line", () => {
  const { lines } = outputLines("\u001b[31mred\nstill\u001b[0m\nplain");
  expect(lines.map((line) => line.before?.foreground ?? null)).toEqual([
    null,
    { kind: "palette", index: 1 },
    null,
  ]);
});

it("keeps the end of very much", () => {
  const { lines, hidden } = outputLines("x\n".repeat(SHOWN_LINES + 5));
  expect([lines.length, hidden, lines[0]?.number]).toEqual([SHOWN_LINES, 5, 6]);
});
