/** What a line looks like at its end is what a terminal shows: `@xterm/headless`, which is one, is asked. */
import { Terminal } from "@xterm/headless";
import fc from "fast-check";
import { expect, it } from "vitest";
import { settleLine } from "./terminal-line";

const ESC = "\x1b";
const COLUMNS = 400;

/** The cells of the line, without what is blank at its end: text, colour and weight of each. */
async function shown(text: string): Promise<string[]> {
  const terminal = new Terminal({ cols: COLUMNS, rows: 2, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const line = terminal.buffer.active.getLine(0);
  const cells: string[] = [];
  for (let column = 0; line && column < COLUMNS; column += 1) {
    const cell = line.getCell(column);
    if (!cell) continue;
    const style = [cell.getFgColor(), cell.isBold() && "bold", cell.isUnderline() && "underline"];
    const chars = cell.getChars() || (cell.getWidth() === 0 ? "" : " ");
    cells.push(chars === " " ? " " : `${chars} ${style.filter((one) => one).join()}`);
  }
  terminal.dispose();
  while (cells.at(-1) === " ") cells.pop();
  return cells;
}

const count = fc.integer({ min: 0, max: 12 }).map((n) => (n === 0 ? "" : `${n}`));
const mode = fc.constantFrom("", "0", "1", "2");
const words = fc.stringMatching(/^[a-z0-9 %#.=>-]{1,12}$/);
const move = fc.oneof(
  fc.constantFrom("\r", "\b", "\b\b\b"),
  count.map((n) => `${ESC}[${n}C`),
  count.map((n) => `${ESC}[${n}D`),
  count.map((n) => `${ESC}[${n}G`),
  fc.constantFrom(`${ESC}7`, `${ESC}8`, `${ESC}[s`, `${ESC}[u`),
);
const erase = fc.oneof(
  mode.map((n) => `${ESC}[${n}K`),
  mode.map((n) => `${ESC}[${n}J`),
  count.map((n) => `${ESC}[${n}P`),
  count.map((n) => `${ESC}[${n}X`),
);
/** Not with wide characters: what it tears apart is another thing in every terminal. */
const insert = count.map((n) => `${ESC}[${n}@`);
const style = fc.constantFrom("31", "32;1", "0;34", "4", "39", "22", "", "0", "1").map((n) => `${ESC}[${n}m`);
const wide = fc.constantFrom("日", "本語", "é", "e\u0301", "가");

it.each([
  ["words, moves, erasing and colours", fc.oneof(words, move, erase, insert, style)],
  ["with characters of two columns and of none", fc.oneof(words, move, erase, style, wide)],
])(
  "%s",
  async (_, piece) => {
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        const raw = pieces.join("");
        expect(await shown(settleLine(raw))).toEqual(await shown(raw));
      }),
      { numRuns: 500 },
    );
  },
  60_000,
);
