/**
 * The lines of a log that this tab has, by their numbers: pages of 500, of which only so many are kept. Whatever is
 * put here twice is here once, and what isn't here is known not to be: a line is the log's own, or it is none.
 */
import { cleanText, styleAfter } from "@/lib/logs/ansi";
import type { Style } from "@/lib/logs/sgr";
import type { LogLine } from "@/lib/snapshots/wire";

export const PAGE_LINES = 500;
export interface Bounds {
  pages: number;
  /** Lines may be long: so many characters at most, whatever the number of pages. */
  characters: number;
}
const bounds: Bounds = { pages: 40, characters: 16 * 1024 * 1024 };

type Left = ReadonlyMap<LogLine["stream"], Style>;
const nothingLeft: Left = new Map();

interface Page {
  lines: Array<LogLine | undefined>;
  widths: number[];
  count: number;
  characters: number;
  /** The styles in which its lines begin, worked out from `entering`; null when a line came since. */
  styles: { entering: Left; before: Map<number, Style>; leaving: Left } | null;
}

export const pageOf = (line: number): number => Math.floor((line - 1) / PAGE_LINES);
export const firstOf = (page: number): number => page * PAGE_LINES + 1;

export class LinePages {
  private readonly pages = new Map<number, Page>();
  private characters = 0;
  /** Of the longest line that was ever here. */
  widest = 0;

  /** @param startsSection is it the first line of a step? Colours don't last from one to the next. */
  constructor(
    private readonly startsSection: (line: number) => boolean,
    private readonly limits: Bounds = bounds,
  ) {}

  get size(): number {
    return this.pages.size;
  }

  put(line: LogLine): void {
    const number = pageOf(line.line);
    let page = this.pages.get(number);
    if (!page) {
      page = { lines: Array(PAGE_LINES), widths: [], count: 0, characters: 0, styles: null };
      this.pages.set(number, page);
    }
    const place = line.line - firstOf(number);
    if (page.lines[place]) return;
    const width = cleanText(line.text).length;
    page.lines[place] = line;
    page.widths[place] = width;
    page.count += 1;
    page.characters += line.text.length;
    page.styles = null;
    this.characters += line.text.length;
    this.widest = Math.max(this.widest, width);
  }

  get(line: number): LogLine | undefined {
    return this.pages.get(pageOf(line))?.lines[line - firstOf(pageOf(line))];
  }

  /** Characters of a line as it is seen; 0 for one that isn't here. */
  widthOf(line: number): number {
    return this.pages.get(pageOf(line))?.widths[line - firstOf(pageOf(line))] ?? 0;
  }

  /** The first and the last line that isn't here of those of a page up to `end`; null when all are. */
  holeIn(
    number: number,
    end: number,
    isGone: (line: number) => boolean,
  ): { from: number; to: number } | null {
    const first = firstOf(number);
    const last = Math.min(firstOf(number + 1) - 1, end);
    const page = this.pages.get(number);
    if (page?.count === last - first + 1) return null;
    let from = 0;
    let to = 0;
    for (let line = first; line <= last; line += 1) {
      if (page?.lines[line - first] || isGone(line)) continue;
      from ||= line;
      to = line;
    }
    return from > 0 ? { from, to } : null;
  }

  /**
   * The style in which a line begins because one before it in its stream left it on. It is looked for as far back
   * as pages are here one after the other, so in a page that stands alone a colour counts from where it is set anew.
   */
  styleBefore(line: number): Style | null {
    const number = pageOf(line);
    return this.pages.has(number) ? (this.stylesOf(number).before.get(line) ?? null) : null;
  }

  /** Lets go of the pages that are farthest from these until what is kept is within the bounds. */
  evict(looked: readonly number[]): void {
    const { pages, characters } = this.limits;
    const isFull = () => this.pages.size > pages || this.characters > characters;
    if (!isFull()) return;
    const distance = (page: number) =>
      looked.reduce((least, each) => Math.min(least, Math.abs(page - each)), Number.MAX_SAFE_INTEGER);
    const farthest = [...this.pages.keys()]
      .map((page) => ({ page, away: distance(page) }))
      .toSorted((one, other) => other.away - one.away);
    for (const { page, away } of farthest) {
      // What is looked at stays, and what is beside it: it would be fetched again at once.
      if (away <= 1 || !isFull()) return;
      this.characters -= this.pages.get(page)?.characters ?? 0;
      this.pages.delete(page);
    }
  }

  private stylesOf(number: number): NonNullable<Page["styles"]> {
    let first = number;
    while (this.pages.has(first - 1)) first -= 1;
    let left = nothingLeft;
    let styles: NonNullable<Page["styles"]> = { entering: left, before: new Map(), leaving: left };
    for (let each = first; each <= number; each += 1) {
      const page = this.pages.get(each);
      if (!page) break;
      if (page.styles?.entering !== left) page.styles = this.carry(page, left);
      styles = page.styles;
      left = styles.leaving;
    }
    return styles;
  }

  private carry(page: Page, entering: Left): NonNullable<Page["styles"]> {
    const before = new Map<number, Style>();
    const left = new Map(entering);
    for (const line of page.lines) {
      if (!line) continue;
      if (left.size > 0 && this.startsSection(line.line)) left.clear();
      const style = left.get(line.stream) ?? null;
      if (style) before.set(line.line, style);
      const after = styleAfter(line.text, style);
      if (after) left.set(line.stream, after);
      else left.delete(line.stream);
    }
    return { entering, before, leaving: left.size > 0 ? left : nothingLeft };
  }
}
