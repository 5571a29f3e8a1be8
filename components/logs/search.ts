/** Searching a log: over all of its lines, as they are seen and not as they are coded. */

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

/**
 * The numbers of the lines that match, of lines joined by line feeds of which the first has number `first`. Every
 * match in a line is looked for, though one would do: a page that shows the line does the same, and what takes too
 * long has to be found out here.
 */
export function searchLines(text: string, first: number, matcher: RegExp): number[] {
  const found: number[] = [];
  let number = first;
  for (let from = 0; from <= text.length; number += 1) {
    const end = text.indexOf("\n", from);
    // Line by line and not all at once: a list of all lines would be most of what a search takes in memory.
    const line = text.slice(from, end < 0 ? text.length : end);
    from = end < 0 ? text.length + 1 : end + 1;
    matcher.lastIndex = 0;
    let hit = false;
    for (let match = matcher.exec(line); match; match = matcher.exec(line)) {
      if (match[0] === "") matcher.lastIndex += 1;
      else hit = true;
    }
    if (hit) found.push(number);
  }
  return found;
}

/** The place of a line among sorted ones, or of the first one after it. */
export function placeOf(found: ArrayLike<number>, line: number): number {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
