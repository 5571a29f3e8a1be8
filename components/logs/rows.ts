/**
 * The rows of the log view: a heading a step, and its lines unless it is folded. Pure arithmetic over a
 * handful of sections, so that a row is found without an array of rows.
 */
import type { LogSection } from "./log-store";

export type Row =
  | { kind: "heading"; section: LogSection }
  | { kind: "line"; section: LogSection; line: number };

/** Kiln's own words between the steps have no heading and can't be folded. */
export const hasHeading = (section: LogSection) => section.step !== "kiln";

interface Block {
  section: LogSection;
  /** Row of its heading, or of its first line when it has none. */
  row: number;
  heading: 0 | 1;
  lines: number;
}

export class Rows {
  private readonly blocks: Block[] = [];
  readonly count: number;

  constructor(
    sections: readonly LogSection[],
    readonly folded: ReadonlySet<string>,
  ) {
    let row = 0;
    for (const section of sections) {
      const heading = hasHeading(section) ? 1 : 0;
      const lines = heading && folded.has(section.key) ? 0 : section.end - section.start;
      this.blocks.push({ section, row, heading, lines });
      row += heading + lines;
    }
    this.count = row;
  }

  at(row: number): Row | null {
    const block = this.blockAt(row);
    if (!block) return null;
    const offset = row - block.row - block.heading;
    if (offset < 0) return { kind: "heading", section: block.section };
    return { kind: "line", section: block.section, line: block.section.start + offset + 1 };
  }

  /** The heading under which a row stands; null under none. */
  headingOf(row: number): number | null {
    const block = this.blockAt(row);
    return block && block.heading === 1 ? block.row : null;
  }

  /** The row of a line; its heading's when it is folded away; null when there is no such line. */
  ofLine(line: number): number | null {
    const block = this.blocks.find(({ section }) => line > section.start && line <= section.end);
    if (!block) return null;
    return block.lines === 0 ? block.row : block.row + block.heading + line - block.section.start - 1;
  }

  sectionOf(line: number): LogSection | null {
    return this.blocks.find(({ section }) => line > section.start && line <= section.end)?.section ?? null;
  }

  /** The number of the line that a row shows; 0 for a heading. Without allocation: asked for every row of the log. */
  lineAt(row: number): number {
    const block = this.blockAt(row);
    const offset = block ? row - block.row - block.heading : -1;
    return block && offset >= 0 ? block.section.start + offset + 1 : 0;
  }

  /** The same row's key whatever is folded: lines by their number, headings below zero. */
  readonly keyOf = (row: number): number => {
    const line = this.lineAt(row);
    return line > 0 ? line : -1 - (this.blockAt(row)?.section.start ?? row);
  };

  /** The row of a key; of a line that is folded away, its heading's. */
  ofKey(key: number): number | null {
    if (key > 0) return this.ofLine(key);
    return (
      this.blocks.find(({ section, heading }) => heading === 1 && section.start === -1 - key)?.row ?? null
    );
  }

  private blockAt(row: number): Block | undefined {
    if (row < 0 || row >= this.count) return undefined;
    for (let index = this.blocks.length - 1; index >= 0; index -= 1) {
      const block = this.blocks[index];
      if (block && block.row <= row && block.heading + block.lines > 0) return block;
    }
    return undefined;
  }
}
