/**
 * The lines of one log as this tab knows them: an external store without React. It is the place where
 * "nothing missing, nothing twice" is kept. Chunks may come twice (a resume overlaps), cut or out of order (two
 * connections race); line numbers decide what is new, and what would leave a gap is refused, so that the
 * owner of the connection resumes from `cursor`. What can be read here is always a prefix of the log.
 */
import type { LogLine } from "@/lib/snapshots/wire";
import { cleanText, styleAfter } from "@/lib/logs/ansi";
import type { LogChunk } from "./log-frame";
import type { Style } from "@/lib/logs/sgr";

/** Consecutive lines of one step of one attempt. */
export interface LogSection {
  key: string;
  attempt: number;
  step: string;
  /** Index of the first line, and of the one after the last. */
  start: number;
  end: number;
}

export interface LogView {
  /** Grows in place: read no further than `count`. The line at index 0 has number 1. */
  lines: readonly LogLine[];
  count: number;
  sections: readonly LogSection[];
  /** Characters of each line as it is seen, and of the longest. */
  widths: readonly number[];
  widest: number;
  /** By index, the style in which a line begins because one before it in its stream left it on. */
  styles: ReadonlyMap<number, Style>;
  /** The server said that there is no more to come. */
  complete: boolean;
  /** Lines that the server doesn't have, though later ones exist. */
  missing: { from: number; to: number } | null;
}

export const emptyLog: LogView = {
  lines: [],
  count: 0,
  sections: [],
  widths: [],
  widest: 0,
  styles: new Map(),
  complete: false,
  missing: null,
};

export type Applied = "new" | "known" | "gap";

export class LogStore {
  private readonly lines: LogLine[] = [];
  private readonly sections: LogSection[] = [];
  private readonly widths: number[] = [];
  private widest = 0;
  private readonly styles = new Map<number, Style>();
  private readonly left = new Map<LogLine["stream"], Style>();
  private complete = false;
  private missing: LogView["missing"] = null;
  private seq = 0;
  private current = emptyLog;
  private pending = false;
  private readonly listeners = new Set<() => void>();

  /** @param schedule runs a callback once, soon: one notification a frame, however many chunks came. */
  constructor(private readonly schedule: (notify: () => void) => void) {}

  /** The number of the last chunk that was taken: resume after it. */
  get cursor(): number {
    return this.seq;
  }

  get isComplete(): boolean {
    return this.complete;
  }

  apply(chunk: LogChunk): Applied {
    const expected = this.lines.length + 1;
    if (chunk.seq <= this.seq) return "known";
    if (chunk.firstLine > expected) return "gap";
    const fresh = chunk.lines.slice(expected - chunk.firstLine);
    for (const line of fresh) this.append(line, chunk.attempt);
    this.seq = chunk.seq;
    this.missing = null;
    if (fresh.length > 0) this.changed();
    return fresh.length > 0 ? "new" : "known";
  }

  /** The server says that everything was delivered. */
  finish(): void {
    if (this.complete) return;
    this.complete = true;
    this.changed();
  }

  /** Asking again brought the same gap: the reader is told, nothing is papered over. */
  giveUpAt(firstLine: number): void {
    this.missing = { from: this.lines.length + 1, to: firstLine - 1 };
    this.changed();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): LogView => this.current;

  private append(line: LogLine, attempt: number): void {
    const index = this.lines.push(line) - 1;
    const width = cleanText(line.text).length;
    this.widths.push(width);
    if (width > this.widest) this.widest = width;
    const last = this.sections.at(-1);
    if (last && last.step === line.step && last.attempt === attempt) last.end = index + 1;
    else {
      this.sections.push({
        key: `${attempt}:${line.step}:${index}`,
        attempt,
        step: line.step,
        start: index,
        end: index + 1,
      });
      this.left.clear();
    }
    this.carryStyle(line, index);
  }

  private carryStyle({ stream, text }: LogLine, index: number): void {
    const before = this.left.get(stream) ?? null;
    if (before) this.styles.set(index, before);
    const after = styleAfter(text, before);
    if (after) this.left.set(stream, after);
    else this.left.delete(stream);
  }

  private changed(): void {
    if (this.pending) return;
    this.pending = true;
    this.schedule(() => {
      this.pending = false;
      this.current = {
        lines: this.lines,
        count: this.lines.length,
        // Copies, for React compares; there are a handful.
        sections: this.sections.map((section) => ({ ...section })),
        widths: this.widths,
        widest: this.widest,
        styles: this.styles,
        complete: this.complete,
        missing: this.missing,
      };
      for (const listener of this.listeners) listener();
    });
  }
}
