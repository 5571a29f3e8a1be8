import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanLines, cleanText, clipRuns, parseAnsi } from "./ansi";
import type { Style } from "./sgr";

const esc = "\u001b";
const palette = (index: number) => ({ kind: "palette", index });
const rgb = (red: number, green: number, blue: number) => ({ kind: "rgb", red, green, blue });

/** What a run's style says beyond the plain one. */
function told(style: Style | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(style ?? {}).filter(([, value]) => value !== null && value !== false),
  );
}
const seen = (line: string) => parseAnsi(line).map((run) => [run.mark ?? run.text, told(run.style)]);

describe("colours", () => {
  it.each([
    ["plain", "make all", [["make all", {}]]],
    ["empty", "", []],
    [
      "basic",
      `${esc}[31mred${esc}[0m rest`,
      [
        ["red", { foreground: palette(1) }],
        [" rest", {}],
      ],
    ],
    [
      "reset without a number",
      `${esc}[31mred${esc}[mrest`,
      [
        ["red", { foreground: palette(1) }],
        ["rest", {}],
      ],
    ],
    ["bright", `${esc}[97;104mx`, [["x", { foreground: palette(15), background: palette(12) }]]],
    ["bold and colour together", `${esc}[1;32mok`, [["ok", { bold: true, foreground: palette(2) }]]],
    [
      "bold off",
      `${esc}[1mA${esc}[22mB`,
      [
        ["A", { bold: true }],
        ["B", {}],
      ],
    ],
    ["256, of the 16", `${esc}[38;5;9mx`, [["x", { foreground: palette(9) }]]],
    ["256, of the cube", `${esc}[38;5;208mx`, [["x", { foreground: rgb(255, 135, 0) }]]],
    ["256, gray", `${esc}[48;5;240mx`, [["x", { background: rgb(88, 88, 88) }]]],
    ["true colour", `${esc}[38;2;1;2;3;4mx`, [["x", { foreground: rgb(1, 2, 3), underline: true }]]],
    ["true colour with colons", `${esc}[38:2::1:2:3mx`, [["x", { foreground: rgb(1, 2, 3) }]]],
    ["256 with colons", `${esc}[38:5:208mx`, [["x", { foreground: rgb(255, 135, 0) }]]],
    ["curly underline", `${esc}[4:3mx`, [["x", { underline: true }]]],
    ["colour out of range", `${esc}[38;5;999mx`, [["x", {}]]],
    ["a colour cut short", `${esc}[38;2;1mx`, [["x", {}]]],
    [
      "inverse, strike, italic, faint",
      `${esc}[2;3;7;9mx`,
      [["x", { faint: true, italic: true, inverse: true, strike: true }]],
    ],
    [
      "default colours",
      `${esc}[31;41mA${esc}[39;49mB`,
      [
        ["A", { foreground: palette(1), background: palette(1) }],
        ["B", {}],
      ],
    ],
    ["concealed text stays to be read", `${esc}[8msecret plan`, [["secret plan", {}]]],
    ["unknown number", `${esc}[77mx`, [["x", {}]]],
  ])("%s", (_, line, runs) => {
    expect(seen(line)).toEqual(runs);
  });
});

describe("everything else that escapes", () => {
  it.each([
    ["cursor and erase", `${esc}[2K${esc}[1;1Habc${esc}[?25l`, "abc"],
    ["window title", `${esc}]0;pwned\u0007abc`, "abc"],
    ["title ended by ST", `a${esc}]2;title${esc}\\b`, "ab"],
    ["device control string", `a${esc}P1$r0m${esc}\\b`, "ab"],
    ["character set", `${esc}(Babc${esc}=`, "abc"],
    ["8-bit control sequence", "\u009b31mabc", "abc"],
    ["a sequence cut off at the end", `abc${esc}[3`, "abc"],
    ["a lone escape at the end", `abc${esc}`, "abc"],
    ["an unfinished command keeps its text", `${esc}]0;abc`, "]0;abc"],
    ["tab and unicode stay", "a\tb ✓ 漢字 é", "a\tb ✓ 漢字 é"],
  ])("%s", (_, line, text) => {
    expect(cleanText(line)).toBe(text);
    expect(
      parseAnsi(line)
        .map((run) => run.text)
        .join(""),
    ).toBe(text);
  });
});

describe("links", () => {
  const link = (address: string) => `${esc}]8;id=1;${address}${esc}\\here${esc}]8;;${esc}\\ rest`;
  it.each([
    ["https", "https://example.com/a?b=1", "https://example.com/a?b=1"],
    ["http", "http://example.com/", "http://example.com/"],
    ["script", "javascript:alert(1)", null],
    ["data", "data:text/html,<script>", null],
    ["file", "file:///etc/passwd", null],
    ["nonsense", "https://", null],
  ])("%s", (_, address, href) => {
    expect(parseAnsi(link(address)).map((run) => [run.text, run.href])).toEqual([
      ["here", href],
      [" rest", null],
    ]);
  });

  it("shows a disguised host for what it is", () => {
    const [run] = parseAnsi(link("https://github.com@evil.example/x"));
    expect(new URL(run?.href ?? "").host).toBe("evil.example");
  });

  it("leaves markup as text", () => {
    expect(parseAnsi("<img src=x onerror=alert(1)>")[0]?.text).toBe("<img src=x onerror=alert(1)>");
  });
});

describe("unseen characters", () => {
  it.each([
    ["right-to-left override", "a\u202eb", ["a", "U+202E", "b"]],
    ["isolate", "\u2066x\u2069", ["U+2066", "x", "U+2069"]],
    ["NUL", "a\u0000b", ["a", "NUL", "b"]],
    ["bell", "\u0007", ["BEL"]],
    ["carriage return", "a\rb", ["a", "CR", "b"]],
  ])("%s", (_, line, marks) => {
    expect(parseAnsi(line).map((run) => run.mark ?? run.text)).toEqual(marks);
  });
});

describe("clipRuns", () => {
  it("keeps the beginning and counts the rest", () => {
    const { runs, dropped } = clipRuns(parseAnsi(`ab${esc}[1mcdef`), 4);
    expect(runs.map((run) => run.text)).toEqual(["ab", "cd"]);
    expect(dropped).toBe(2);
  });
  it("leaves a short line alone", () => {
    expect(clipRuns(parseAnsi("abc"), 4)).toEqual({ runs: parseAnsi("abc"), dropped: 0 });
  });
});

describe("many lines", () => {
  const piece = fc.constantFrom(
    "a",
    " ",
    "\t",
    "é",
    `${esc}[31m`,
    `${esc}]8;;x`,
    "\u0007",
    "\u202e",
    "\r",
    esc,
  );
  const line = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));

  it("are cleaned as each of them is", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        expect(cleanLines(lines.join("\n"))).toBe(lines.map(cleanText).join("\n"));
      }),
    );
  });
});
