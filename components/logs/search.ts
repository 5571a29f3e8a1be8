/** Searching a log: over all loaded lines, as they are seen and not as they are coded. */
import type { LogLine } from "@/lib/snapshots/wire";
import { cleanText } from "@/lib/logs/ansi";

export interface SearchOptions {
  query: string;
  regex: boolean;
}

export interface Span {
  from: number;
  to: number;
}

/** Small letters match both; a capital in the query means itself. */
export function matcherOf({ query, regex }: SearchOptions): RegExp | null {
  if (query === "") return null;
  const source = regex ? query : query.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const flags = /\p{Lu}/u.test(query.replace(/\\./g, "")) ? "gu" : "giu";
  try {
    return new RegExp(source, flags);
  } catch (error) {
    // Half typed, most likely: it matches nothing until it is whole; `isBroken` tells the reader.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function isBroken(options: SearchOptions): boolean {
  return options.query !== "" && matcherOf(options) === null;
}

/** Where the text matches; empty matches don't count. */
export function spansIn(text: string, matcher: RegExp): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(matcher)) {
    if (match[0] !== "") spans.push({ from: match.index, to: match.index + match[0].length });
  }
  return spans;
}

/** Adds the numbers of matching lines with index in [from, to) to `found`, in order. */
export function searchLines(
  lines: readonly LogLine[],
  from: number,
  to: number,
  matcher: RegExp,
  found: number[],
): void {
  for (let index = from; index < to; index += 1) {
    const line = lines[index];
    if (!line) return;
    matcher.lastIndex = 0;
    const match = matcher.exec(cleanText(line.text));
    if (match && match[0] !== "") found.push(index + 1);
  }
}

/** The place in `found` of the first line at or after `line`; past the end it begins again. */
export function placeFrom(found: readonly number[], line: number): number {
  const place = found.findIndex((number) => number >= line);
  return place === -1 ? 0 : place;
}
