/**
 * What a line looks like at its end on a terminal: carriage return, backspace, erase-in-line and cursor moves
 * within the line are carried out; colours (SGR) stay in the text; other control sequences are dropped.
 */

interface Cell {
  char: string;
  style: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const NEEDS_EDITING = /[\r\b\x00]|\x1b\[[0-9;]*[KGCDP]/;
// CSI, OSC (ended by BEL or ST), two-character escapes, or one code point.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const TOKEN = /\x1b\[([0-9;?]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]|[\s\S]/gu;

/** @param raw one line without its line feed. */
export function settleLine(raw: string): string {
  const line = raw.endsWith("\r") ? raw.replace(/\r+$/, "") : raw;
  return NEEDS_EDITING.test(line) ? edit(line) : line;
}

function edit(line: string): string {
  const cells: Cell[] = [];
  let cursor = 0;
  let style = "";
  for (const [token, parameters = "", final] of line.matchAll(TOKEN)) {
    if (final !== undefined) {
      const n = Number.parseInt(parameters, 10);
      if (final === "m") style = nextStyle(style, parameters, token);
      else if (final === "K") erase(cells, cursor, Number.isNaN(n) ? 0 : n);
      else if (final === "G") cursor = Math.max(0, (n || 1) - 1);
      else if (final === "C") cursor += n || 1;
      else if (final === "D") cursor = Math.max(0, cursor - (n || 1));
      else if (final === "P") cells.splice(cursor, n || 1);
      cursor = Math.min(cursor, MAX_COLUMNS);
    } else if (token === "\r") cursor = 0;
    else if (token === "\b") cursor = Math.max(0, cursor - 1);
    else if (token === "\x00" || token.length > 2 || token === "\x1b" || token.startsWith("\x1b")) continue;
    else {
      while (cells.length < cursor) cells.push({ char: " ", style: "" });
      cells[cursor] = { char: token, style };
      cursor += 1;
    }
  }
  return paint(cells);
}

/** A cursor can be sent far away in a few bytes; the cells up to it are made. */
const MAX_COLUMNS = 4096;

function nextStyle(style: string, parameters: string, token: string): string {
  if (parameters === "" || parameters === "0") return "";
  // After a reset inside the sequence nothing before it counts; so styles stay short.
  return parameters.startsWith("0;") || style.length > 256 ? token : style + token;
}

function erase(cells: Cell[], cursor: number, mode: number): void {
  if (mode === 0) cells.length = Math.min(cells.length, cursor);
  else for (let i = 0; i < (mode === 1 ? Math.min(cursor + 1, cells.length) : cells.length); i += 1) cells[i] = { char: " ", style: "" };
}

function paint(cells: Cell[]): string {
  let text = "";
  let style = "";
  for (const cell of cells) {
    if (cell.style !== style) {
      text += (style === "" ? "" : "\x1b[0m") + cell.style;
      style = cell.style;
    }
    text += cell.char;
  }
  return (style === "" ? text : `${text}\x1b[0m`).trimEnd();
}
