/** One line of a terminal: cells, and a cursor that moves in them. A character may take two cells, or add to the one before. */

interface Cell {
  /** Empty in the second cell of a wide character. */
  char: string;
  style: string;
}

const BLANK: Cell = { char: " ", style: "" };
/** A cursor can be sent far away in a few bytes; the cells up to it are made. */
const MAX_COLUMNS = 4096;
/** Below it every character takes one cell. */
const FIRST_OTHER = 0x300;
const NOTHING = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200f])$/u;
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

export class ScreenLine {
  private readonly cells: Cell[] = [];
  private cursor = 0;
  private saved = { cursor: 0, style: "" };
  /** How what is printed next looks. */
  style = "";

  print(char: string): void {
    if (char.charCodeAt(0) < FIRST_OTHER) this.put(char);
    else if (NOTHING.test(char)) this.add(char);
    else if (WIDE.test(char)) this.putWide(char);
    else this.put(char);
  }

  moveTo(column: number): void {
    const limit = Math.max(MAX_COLUMNS, this.cells.length);
    this.cursor = Math.max(0, Math.min(column, limit));
  }

  moveBy(columns: number): void {
    this.moveTo(this.cursor + columns);
  }

  save(): void {
    this.saved = { cursor: this.cursor, style: this.style };
  }

  restore(): void {
    ({ cursor: this.cursor, style: this.style } = this.saved);
  }

  /** @param mode 0 what follows the cursor, 1 what comes before it and the cell that it is on, 2 everything */
  erase(mode: number): void {
    const { cells, cursor } = this;
    if (mode === 0) {
      this.split(cursor);
      // Blank cells at the end are no cells: what is written behind them makes them again.
      cells.length = Math.min(cells.length, cursor);
    } else if (mode === 2 || (mode === 1 && cursor >= cells.length)) cells.length = 0;
    else if (mode === 1) this.blank(0, cursor + 1);
  }

  eraseCells(count: number): void {
    this.blank(this.cursor, this.cursor + count);
  }

  deleteCells(count: number): void {
    this.split(this.cursor);
    this.split(this.cursor + count);
    this.cells.splice(this.cursor, count);
  }

  insertCells(count: number): void {
    if (this.cursor >= this.cells.length) return;
    this.split(this.cursor);
    const room = Math.max(0, MAX_COLUMNS - this.cells.length);
    this.cells.splice(this.cursor, 0, ...Array.from({ length: Math.min(count, room) }, () => BLANK));
  }

  /** The line as text, with its colours. */
  text(): string {
    let text = "";
    let style = "";
    for (const cell of this.cells) {
      if (cell.style !== style) {
        text += (style === "" ? "" : "\x1b[0m") + cell.style;
        style = cell.style;
      }
      text += cell.char;
    }
    return (style === "" ? text : `${text}\x1b[0m`).trimEnd();
  }

  private put(char: string): void {
    const { cells, style, cursor } = this;
    while (cells.length < cursor) cells.push(BLANK);
    this.split(cursor);
    this.split(cursor + 1);
    cells[cursor] = { char, style };
    this.cursor = cursor + 1;
  }

  private putWide(char: string): void {
    this.put(char);
    this.put(" ");
    this.cells[this.cursor - 1] = { char: "", style: this.style };
  }

  /** To the character before the cursor. */
  private add(mark: string): void {
    const at = this.cells[this.cursor - 1]?.char === "" ? this.cursor - 2 : this.cursor - 1;
    const cell = this.cells[at];
    if (cell) this.cells[at] = { ...cell, char: cell.char + mark };
  }

  /** Half of a wide character is none: where one would be torn apart here, both cells are blank. */
  private split(at: number): void {
    if (this.cells[at]?.char !== "") return;
    this.cells[at] = BLANK;
    this.cells[at - 1] = BLANK;
  }

  private blank(from: number, to: number): void {
    this.split(from);
    this.split(to);
    this.cells.fill(BLANK, from, Math.min(to, this.cells.length));
  }
}
