/**
 * The rows of the log view: a heading a step, its lines unless it or their group is folded, and one row in place of
 * what the log has lost. Pure arithmetic over blocks of rows, so that a row of a million is found without an array
 * of rows.
 */
import type { LogCut } from "@/lib/snapshots/wire";
import type { LogGroup } from "./groups";
import type { LogSection } from "./log-store";

export const HEADING_PX = 32;
/** What opens a group is pressed: it has room for a finger. */
const GROUP_PX = 26;

export type Row =
  | { kind: "heading"; section: LogSection }
  | { kind: "line"; line: number }
  | { kind: "cut"; cut: LogCut };

/** Kiln's own words between the steps have no heading and can't be folded. */
export const hasHeading = (section: LogSection) => section.step !== "kiln";

interface Block {
  /** The line that opens a group is one like others, but for its height. */
  kind: Row["kind"] | "group";
  section: LogSection | null;
  /** Its first row, how many it has, and how far from the top it begins. */
  row: number;
  count: number;
  top: number;
  /** The line at which it stands, the first of those that it shows. */
  from: number;
}

const isLine = ({ kind }: Block) => kind === "line" || kind === "group";

export interface RowsInput {
  sections: readonly LogSection[];
  groups: readonly LogGroup[];
  folded: ReadonlySet<string>;
  cut: LogCut | null;
  /** How tall a line is. */
  linePx: number;
}

export class Rows {
  private readonly blocks: Block[] = [];
  private cutShown = false;
  readonly folded: ReadonlySet<string>;
  readonly linePx: number;
  count = 0;
  /** In pixels, with every line one line tall. */
  height = 0;

  constructor(private readonly input: RowsInput) {
    this.folded = input.folded;
    this.linePx = input.linePx;
    let group = 0;
    for (const section of input.sections) {
      if (input.cut && section.from > input.cut.to) this.addCut();
      const heading = hasHeading(section);
      if (heading) this.add("heading", section, section.from, 1);
      if (heading && this.folded.has(section.key)) {
        while ((input.groups[group]?.from ?? Number.POSITIVE_INFINITY) <= section.to) group += 1;
        continue;
      }
      let next = section.from;
      for (;;) {
        const each = input.groups[group];
        if (!each || each.from > section.to) break;
        group += 1;
        this.addLines(section, next, each.from - 1);
        this.addLines(section, each.from, each.from, "group");
        next = each.from + 1;
        if (this.folded.has(each.key)) next = each.to + 1;
        else if (each.closing !== null) {
          this.addLines(section, next, each.closing - 1);
          next = each.closing + 1;
        }
      }
      this.addLines(section, next, section.to);
    }
    if (input.cut) this.addCut();
  }

  at(row: number): Row | null {
    const block = this.blockOf(row);
    if (!block) return null;
    if (isLine(block)) return { kind: "line", line: block.from + row - block.row };
    if (block.kind === "cut") return this.input.cut ? { kind: "cut", cut: this.input.cut } : null;
    return block.section ? { kind: "heading", section: block.section } : null;
  }

  /** The heading under which a row stands; null under none. */
  headingOf(row: number): number | null {
    const section = this.blockOf(row)?.section;
    return section && hasHeading(section) ? this.rowFrom(section.from) : null;
  }

  /** The row of a line; of one that isn't shown, the row that stands for it; null when there is no such line. */
  ofLine(line: number): number | null {
    const last = this.input.sections.at(-1)?.to ?? 0;
    if (line < 1 || line > Math.max(last, this.input.cut?.to ?? 0)) return null;
    const block = this.blocks[this.find((each) => each.from <= line)];
    if (!block) return null;
    return block.row + (isLine(block) ? Math.min(line - block.from, block.count - 1) : 0);
  }

  sectionOf(line: number): LogSection | null {
    return this.input.sections.find(({ from, to }) => line >= from && line <= to) ?? null;
  }

  /** The number of the line that a row shows; 0 for another row. */
  lineAt(row: number): number {
    const block = this.blockOf(row);
    return block && isLine(block) ? block.from + row - block.row : 0;
  }

  /** The same row's key whatever is folded: lines by their number, headings below zero, the cut 0. */
  keyOf(row: number): number {
    const block = this.blockOf(row);
    if (!block || block.kind === "cut") return 0;
    return isLine(block) ? block.from + row - block.row : -block.from;
  }

  /** The row of a key; of a line that is folded away, the row that stands for it. */
  ofKey(key: number): number | null {
    if (key > 0) return this.ofLine(key);
    if (key < 0) return this.rowFrom(-key);
    return this.blocks.find(({ kind }) => kind === "cut")?.row ?? null;
  }

  heightOf(row: number): number {
    return this.heightIn(this.blockOf(row)?.kind ?? "line");
  }

  private heightIn(kind: Block["kind"]): number {
    if (kind === "line") return this.linePx;
    return kind === "group" ? Math.max(GROUP_PX, this.linePx) : HEADING_PX;
  }

  topOf(row: number): number {
    const block = this.blockOf(row);
    return block ? block.top + (row - block.row) * this.linePx : this.height;
  }

  /** The row at a height in pixels. */
  rowAt(px: number): number {
    const block = this.blocks[this.find(({ top }) => top <= px)];
    if (!block) return 0;
    return block.row + Math.min(Math.floor(Math.max(0, px - block.top) / this.linePx), block.count - 1);
  }

  private rowFrom(line: number): number | null {
    // The heading comes before the lines that begin at the same one.
    const index = this.find((each) => each.from < line || (each.from === line && each.kind === "heading"));
    const block = this.blocks[index];
    return block?.kind === "heading" ? block.row : null;
  }

  private blockOf(row: number): Block | undefined {
    return row < 0 || row >= this.count ? undefined : this.blocks[this.find((each) => each.row <= row)];
  }

  /** The place of the last block for which something is true that is true for all before it; -1 for none. */
  private find(isBefore: (block: Block) => boolean): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.blocks[middle];
      if (block && isBefore(block)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private addLines(section: LogSection, from: number, to: number, kind: "line" | "group" = "line"): void {
    const { cut } = this.input;
    if (cut && from > cut.to) this.addCut(section);
    if (!cut || to < cut.from || from > cut.to) this.add(kind, section, from, to - from + 1);
    else {
      this.add("line", section, from, cut.from - from);
      this.addCut(section);
      this.add("line", section, cut.to + 1, to - cut.to);
    }
  }

  private addCut(section: LogSection | null = null): void {
    if (this.cutShown || !this.input.cut) return;
    this.cutShown = true;
    // Never before what stands above it: rows are found by halving.
    this.add("cut", section, Math.max(this.input.cut.from, this.blocks.at(-1)?.from ?? 1), 1);
  }

  private add(kind: Block["kind"], section: LogSection | null, from: number, count: number): void {
    if (count <= 0) return;
    const last = this.blocks.at(-1);
    if (
      kind === "line" &&
      last?.kind === "line" &&
      last.section === section &&
      last.from + last.count === from
    )
      last.count += count;
    else this.blocks.push({ kind, section, row: this.count, count, top: this.height, from });
    this.count += count;
    this.height += count * this.heightIn(kind);
  }
}
