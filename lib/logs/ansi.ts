/**
 * A log line as runs of text. A parser of our own and not ansi_up's, because that one hands out only HTML
 * strings: here every run becomes a React element, so nothing that a build prints is ever taken for markup.
 * Colours and http links are kept, all other escape sequences are dropped, and characters that would lie
 * about the order of the text are shown instead of obeyed.
 */
import { applySgr, type Style } from "./sgr";

export interface Run {
  text: string;
  style: Style | null;
  /** Where a link leads: http or https only. */
  href: string | null;
  /** Stands for a character that has no shape of its own; then `text` is empty. */
  mark: string | null;
}

// Written as escapes through strings: in a regular expression's own literal nobody would see them.
const esc = "\u001b";
const st = `(?:${esc}\\\\|\u0007|\u009c)`;
/** What has no shape of its own; tabs have. */
const unseen = "[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]";
const special = new RegExp(
  [
    // 1: the parameters and the letter of a control sequence.
    `(?:${esc}\\[|\u009b)([0-?]*)[ -/]*([@-~])`,
    // 3: an operating system command; only number 8, a link, means something here.
    `(?:${esc}\\]|\u009d)([^\u0007\u009c${esc}]*)${st}`,
    // Device control and the other strings; then charset and single-letter escapes; then what is cut off.
    `${esc}[PX^_][^${esc}]*${st}`,
    `${esc}[ -/]+[0-~]`,
    `${esc}(?![\\[\\]PX^_])[0-~]`,
    `${esc}\\[[0-?]*[ -/]*$`,
    // 4: what can't be seen.
    `(${unseen})`,
  ].join("|"),
  "g",
);

const names: Record<number, string> = {
  0: "NUL",
  7: "BEL",
  8: "BS",
  10: "LF",
  13: "CR",
  27: "ESC",
  127: "DEL",
};

/** `NUL`, `U+202E`: how an unseen character is shown. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The address in `8;parameters;address`; null ends a link, and so does an address that isn't the web's. */
function linkOf(command: string): string | null {
  const address = /^8;[^;]*;(.*)$/.exec(command)?.[1];
  if (!address || !/^https?:\/\//i.test(address)) return null;
  return URL.canParse(address) ? new URL(address).href : null;
}

/**
 * Splits a line into runs. An unfinished command keeps its text: rather a stray letter than a hidden one.
 * @param before the style that the line before left behind.
 */
export function parseAnsi(line: string, before: Style | null = null): Run[] {
  const runs: Run[] = [];
  let style = before;
  let href: string | null = null;
  let from = 0;
  for (const match of line.matchAll(special)) {
    if (match.index > from) runs.push({ text: line.slice(from, match.index), style, href, mark: null });
    from = match.index + match[0].length;
    const [, parameters, letter, command, character] = match;
    if (letter === "m" && parameters !== undefined) style = applySgr(style, parameters);
    else if (command?.startsWith("8;")) href = linkOf(command);
    else if (character !== undefined && character !== esc)
      runs.push({ text: "", style: null, href: null, mark: nameOf(character) });
  }
  if (from < line.length) runs.push({ text: line.slice(from), style, href, mark: null });
  return runs;
}

/** The style that a line leaves to the next one: on a terminal a colour lasts until it is taken back. */
export function styleAfter(line: string, before: Style | null): Style | null {
  if (!line.includes(esc)) return before;
  let style = before;
  for (const [, parameters, letter] of line.matchAll(special)) {
    if (letter === "m" && parameters !== undefined) style = applySgr(style, parameters);
  }
  return style;
}

// Most lines have nothing special; finding that out is ten times faster than replacing.
const anySpecial = new RegExp(unseen);

/** The line as a person would type it: no sequences, nothing unseen. For copying, searching and measuring. */
export function cleanText(line: string): string {
  return anySpecial.test(line) ? line.replace(special, "") : line;
}

/**
 * The line for somebody's own terminal, which would obey more than the viewer does: the clipboard, the title, what keys
 * send. Colours stay, a link is followed by where it leads, and what can't be seen is named.
 */
export function terminalText(line: string): string {
  if (!anySpecial.test(line)) return line;
  let href: string | null = null;
  const ended = () => {
    const told = href === null ? "" : ` (${href})`;
    href = null;
    return told;
  };
  const text = line.replace(
    special,
    (_sequence, parameters?: string, letter?: string, command?: string, character?: string) => {
      if (letter === "m" && parameters !== undefined)
        return /^[\d;:]*$/.test(parameters) ? `${esc}[${parameters}m` : "";
      if (command?.startsWith("8;")) {
        const told = ended();
        href = linkOf(command);
        return told;
      }
      return character === undefined || character === esc ? "" : `<${nameOf(character)}>`;
    },
  );
  return text + ended();
}

const anyInLines = new RegExp(unseen.replace("\u000a-", "\u000b-"), "g");

/** The same for many lines at once, joined by line feeds: only those that have something special are looked at. */
export function cleanLines(text: string): string {
  let clean = "";
  let done = 0;
  anyInLines.lastIndex = 0;
  for (let match = anyInLines.exec(text); match; match = anyInLines.exec(text)) {
    const start = text.lastIndexOf("\n", match.index) + 1;
    const feed = text.indexOf("\n", match.index);
    const end = feed < 0 ? text.length : feed;
    clean += text.slice(done, start) + cleanText(text.slice(start, end));
    done = end;
    anyInLines.lastIndex = end;
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** The first `limit` characters of the runs, and how many were left off: nobody reads a line of a megabyte. */
export function clipRuns(runs: Run[], limit: number): { runs: Run[]; dropped: number } {
  let room = limit;
  let dropped = 0;
  const kept: Run[] = [];
  for (const run of runs) {
    const text = run.text.slice(0, room);
    dropped += run.text.length - text.length;
    room -= text.length;
    if (text !== "" || (run.mark !== null && room > 0)) kept.push({ ...run, text });
  }
  return { runs: kept, dropped };
}
