/**
 * What a line looks like at its end on a terminal: carriage return, backspace, erase-in-line and cursor moves
 * within the line are carried out; colours (SGR) stay in the text, and so do links in a line that needs no
 * editing; other control sequences are dropped.
 */

interface Cell {
  char: string;
  style: string;
}

const BLANK: Cell = { char: " ", style: "" };
/** A cursor can be sent far away in a few bytes; the cells up to it are made. */
const MAX_COLUMNS = 4096;
const MAX_STYLE_CHARS = 256;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const EDITING = /[\x00\x07\b\r\x1b]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const KEPT = /\x1b\[[0-9;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)/g;
// CSI; OSC (ended by BEL or ST); other strings; charsets; other escapes; or one code point.
const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]+[0-~]|\x1b(?![[\]PX^_])[0-~]|[\s\S]/gu;

/** @param raw one line without its line feed. */
export function settleLine(raw: string): string {
  const line = withoutLineEnd(raw);
  // Most lines have none of it, and most of the rest only colours.
  return EDITING.test(line) && EDITING.test(line.replaceAll(KEPT, "")) ? edit(line) : line;
}

function withoutLineEnd(raw: string): string {
  let end = raw.length;
  while (end > 0 && raw[end - 1] === "\r") end -= 1;
  return raw.slice(0, end);
}

function edit(line: string): string {
  const cells: Cell[] = [];
  let cursor = 0;
  let style = "";
  for (const [token, parameters = "", final] of line.matchAll(TOKEN)) {
    if (final !== undefined) {
      const n = Number.parseInt(parameters, 10);
      const limit = Math.max(MAX_COLUMNS, cells.length);
      if (final === "m") style = nextStyle(style, parameters, token);
      else if (final === "K") erase(cells, cursor, Number.isNaN(n) ? 0 : n);
      else if (final === "G") cursor = Math.min(Math.max(0, (n || 1) - 1), limit);
      else if (final === "C") cursor = Math.max(cursor, Math.min(cursor + (n || 1), limit));
      else if (final === "D") cursor = Math.max(0, cursor - (n || 1));
      else if (final === "P") cells.splice(cursor, n || 1);
    } else if (token === "\r") cursor = 0;
    else if (token === "\b") cursor = Math.max(0, cursor - 1);
    else if (token === "\x00" || token === "\x07" || token.startsWith("\x1b")) continue;
    else {
      while (cells.length < cursor) cells.push(BLANK);
      cells[cursor] = { char: token, style };
      cursor += 1;
    }
  }
  return paint(cells);
}

function nextStyle(style: string, parameters: string, token: string): string {
  if (/[<=>?]/.test(parameters)) return style;
  if (parameters === "" || parameters === "0") return "";
  // After a reset inside the sequence nothing before it counts; so styles stay short.
  return parameters.startsWith("0;") || style.length > MAX_STYLE_CHARS ? token : style + token;
}

/** Blank cells at the end are no cells: what is written behind them makes them again. */
function erase(cells: Cell[], cursor: number, mode: number): void {
  if (mode === 0) cells.length = Math.min(cells.length, cursor);
  else if (mode === 2 || (mode === 1 && cursor >= cells.length)) cells.length = 0;
  else if (mode === 1) cells.fill(BLANK, 0, cursor + 1);
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
