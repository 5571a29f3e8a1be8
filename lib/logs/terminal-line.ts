/**
 * What a line looks like at its end on a terminal: carriage return, backspace, erase-in-line and cursor moves
 * within the line are carried out; colours (SGR) stay in the text, and so do links in a line that needs no
 * editing; other control sequences are dropped.
 */

import { ScreenLine } from "./screen-line";

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

function edit(raw: string): string {
  const line = new ScreenLine();
  for (const [token, parameters = "", final] of raw.matchAll(TOKEN)) {
    if (final !== undefined) control(line, token, parameters, final);
    else if (token === "\r") line.moveTo(0);
    else if (token === "\b") line.moveBy(-1);
    else if (token === "\x1b7") line.save();
    else if (token === "\x1b8") line.restore();
    else if (token !== "\x00" && token !== "\x07" && !token.startsWith("\x1b")) line.print(token);
  }
  return line.text();
}

function control(line: ScreenLine, token: string, parameters: string, final: string): void {
  // A terminal's own settings.
  if (/[<=>?]/.test(parameters)) return;
  const n = Number.parseInt(parameters, 10) || 0;
  if (final === "m") line.style = nextStyle(line.style, parameters, token);
  else if (final === "K" || final === "J") line.erase(n);
  else if (final === "G" || final === "`") line.moveTo((n || 1) - 1);
  else if (final === "C") line.moveBy(n || 1);
  else if (final === "D") line.moveBy(-(n || 1));
  else if (final === "P") line.deleteCells(n || 1);
  else if (final === "X") line.eraseCells(n || 1);
  else if (final === "@") line.insertCells(n || 1);
  else if (final === "s") line.save();
  else if (final === "u") line.restore();
}

function nextStyle(style: string, parameters: string, token: string): string {
  if (parameters === "" || parameters === "0") return "";
  // After a reset inside the sequence nothing before it counts; so styles stay short.
  return parameters.startsWith("0;") || style.length > MAX_STYLE_CHARS ? token : style + token;
}
