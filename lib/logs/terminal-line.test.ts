import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settleLine } from "./terminal-line";

const ESC = "\x1b";

describe("settleLine", () => {
  it.each([
    ["plain text is left alone", "hello  world ", "hello  world "],
    ["nothing", "", ""],
    ["a Windows line end", "hello\r", "hello"],
    ["several", "hello\r\r\r", "hello"],
    ["only carriage returns", "\r\r", ""],
    ["a carriage return writes over the beginning", "hello\rJ", "Jello"],
    ["a progress bar is its last state", "10%\r50%\r100%", "100%"],
    ["what a shorter state leaves of a longer one", "downloading\rdone", "doneloading"],
    ["erase to the end, then write", `downloading\r${ESC}[Kdone`, "done"],
    ["erase the whole line", `downloading${ESC}[2K\rdone`, "done"],
    ["erase the whole line keeps the cursor", `abc${ESC}[2Kd`, "   d"],
    ["erase to the beginning", `abcdef\r${ESC}[2C${ESC}[1KX`, "  Xdef"],
    ["erase to the end by its number", `abcdef\r${ESC}[0Kx`, "x"],
    ["backspace", "abc\b\bX", "aXc"],
    ["backspace at the beginning", "\b\bok", "ok"],
    ["backspace, space, backspace: how a terminal rubs out", "abc\b \bX", "abX"],
    ["a spinner", "|\b/\b-\b\\\bdone", "done"],
    ["cursor to a column", `abcdef${ESC}[3GX`, "abXdef"],
    ["cursor to no column is the first", `abc${ESC}[GX`, "Xbc"],
    ["cursor forward", `a${ESC}[3Cb`, "a   b"],
    ["cursor back", `abcd${ESC}[2DX`, "abXd"],
    ["delete characters", `abcdef\r${ESC}[2P`, "cdef"],
    ["NUL is no character", "a\0b", "ab"],
    ["a colour stays", `${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
    ["a colour stays when the line is edited", `..\r${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
    ["a colour that is never ended is ended", `.\r${ESC}[1;32mok`, `${ESC}[1;32mok${ESC}[0m`],
    [
      "each cell keeps its own colour",
      `${ESC}[31mab${ESC}[32mcd\rX`,
      `${ESC}[31m${ESC}[32mX${ESC}[0m${ESC}[31mb${ESC}[0m${ESC}[31m${ESC}[32mcd${ESC}[0m`,
    ],
    ["a colour with colons (ITU T.416) stays", `.\r${ESC}[38:5:9mred`, `${ESC}[38:5:9mred${ESC}[0m`],
    ["hiding the cursor is dropped", `${ESC}[?25lworking`, "working"],
    ["a keyboard mode is no colour", `${ESC}[>4;2mworking`, "working"],
    ["clearing the screen is dropped", `${ESC}[2J${ESC}[Hworking`, "working"],
    ["a sequence with an intermediate byte is dropped", `${ESC}[2 qworking`, "working"],
    ["a window title is dropped", `${ESC}]0;title\x07working`, "working"],
    [
      "a link stays where nothing is edited",
      `${ESC}]8;;https://e.com\x07here${ESC}]8;;\x07`,
      `${ESC}]8;;https://e.com\x07here${ESC}]8;;\x07`,
    ],
    [
      "a link is its text where something is",
      `.\r${ESC}]8;;https://e.com${ESC}\\here${ESC}]8;;${ESC}\\`,
      "here",
    ],
    ["a device control string is dropped", `${ESC}P1$r0m${ESC}\\working`, "working"],
    ["what tput ends a colour with", `${ESC}[31mred${ESC}(B${ESC}[m done`, `${ESC}[31mred${ESC}[0m done`],
    ["a charset is dropped", `${ESC}(Bworking`, "working"],
    ["save and restore are dropped", `${ESC}7working${ESC}8`, "working"],
    ["a lone escape is dropped", `${ESC}`, ""],
    ["half a sequence is dropped", `working${ESC}[`, "working["],
    ["the bell is dropped", "done\x07", "done"],
    ["a tab stays", "a\tb", "a\tb"],
    ["an emoji takes two cells, and half of one is none", "😀😀\bX", "😀 X"],
  ])("%s", (_, raw, settled) => {
    expect(settleLine(raw)).toBe(settled);
  });

  it("doesn't snap back at a colour beyond the columns that a cursor can be sent to", () => {
    const long = "x".repeat(5_000);
    expect(settleLine(`.\r${long}${ESC}[0my`)).toBe(`${long}y`);
    expect(settleLine(`.\r${long}${ESC}[1Dy`)).toBe(`${long.slice(1)}y`);
    expect(settleLine(`.\r${long}${ESC}[1Cy`)).toBe(`${long}y`);
  });

  it("makes few cells for a cursor that is sent far away", () => {
    expect(settleLine(`${ESC}[999999999Cx`).length).toBeLessThan(5_000);
    expect(settleLine(`${ESC}[999999999Gx`).length).toBeLessThan(5_000);
  });

  it("is settled once and for all", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\r",
        "\b",
        "\0",
        "\t",
        " ",
        `${ESC}[K`,
        `${ESC}[1K`,
        `${ESC}[2K`,
        `${ESC}[5G`,
        `${ESC}[2C`,
        `${ESC}[2D`,
        `${ESC}[P`,
      ),
      fc.constantFrom(
        `${ESC}[31m`,
        `${ESC}[0m`,
        `${ESC}[m`,
        `${ESC}[1;4m`,
        `${ESC}[?25l`,
        `${ESC}]0;t\x07`,
        `${ESC}c`,
        ESC,
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.replaceAll("\n", "")),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
        (raw) => {
          const settled = settleLine(raw);
          expect(settleLine(settled)).toBe(settled);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what this is about.
          expect(settled.replaceAll(/\x1b\[[0-9;:]*m/g, "")).not.toMatch(/[\x00\x07\b\r\x1b]/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("takes no longer for input that is made to be slow", () => {
    const size = 60_000;
    const worst = [
      `${"\r".repeat(size)}x\r`,
      `${"x".repeat(size / 2)}${`${ESC}[2K`.repeat(size / 8)}`,
      `${"x".repeat(size / 2)}${`${ESC}[1K`.repeat(size / 8)}`,
      `${ESC}[`.repeat(size / 2),
      `${ESC}]`.repeat(size / 2),
      `${"x".repeat(size / 2)}\r${`${ESC}[P`.repeat(size / 6)}`,
      `${ESC}[2K${ESC}[4096Gx`.repeat(size / 14),
    ];
    const before = performance.now();
    for (const raw of worst) settleLine(raw);
    expect(performance.now() - before).toBeLessThan(3_000);
  });
});
