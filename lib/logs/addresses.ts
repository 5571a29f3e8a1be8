/** Addresses of the web that are written out in a line: a terminal lets people follow them, and so does the log. */
import type { Run } from "./ansi";

const address = /\bhttps?:\/\/[^\s"'<>`|\\^{}]+/gi;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]" };

/** What ends a sentence, or closes a bracket that was opened before it, isn't the address's. */
function trimmed(text: string): string {
  // How many of each bracket are closed more often than opened.
  const over = new Map([
    [")", 0],
    ["]", 0],
  ]);
  for (const character of text) {
    const closes = closing[character] ?? character;
    const count = over.get(closes);
    if (count !== undefined) over.set(closes, count + (closes === character ? 1 : -1));
  }
  let end = text.length;
  for (; end > 0; end -= 1) {
    const last = text.charAt(end - 1);
    const count = over.get(last);
    if (count === undefined ? !/[.,;:!?*]/.test(last) : count <= 0) break;
    if (count !== undefined) over.set(last, count - 1);
  }
  return text.slice(0, end);
}

/** Null for what is none, and for one with a name and a password in it: it may be a secret, or hide its host. */
function hrefOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === "" && url.password === "" ? url.href : null;
}

/** The same runs, those with addresses cut around them. */
export function linkAddresses(runs: readonly Run[]): Run[] {
  return runs.flatMap((run) => (run.href === null && run.text.includes("://") ? linked(run) : [run]));
}

function linked(run: Run): Run[] {
  const parts: Run[] = [];
  let from = 0;
  for (const match of run.text.matchAll(address)) {
    const text = trimmed(match[0]);
    const href = hrefOf(text);
    if (href === null) continue;
    if (match.index > from) parts.push({ ...run, text: run.text.slice(from, match.index) });
    parts.push({ ...run, text, href });
    from = match.index + text.length;
  }
  if (from < run.text.length) parts.push({ ...run, text: run.text.slice(from) });
  return parts;
}
