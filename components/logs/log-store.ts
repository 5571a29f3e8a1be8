/**
 * One log as this tab knows it: an external store without React. Its shape is known from the outline and grows with
 * what the stream brings; its lines are here as far as somebody looks at them. "Nothing missing, nothing twice, in
 * order" is kept by numbers: every line has its own, chunks may come twice, cut or out of order, and a chunk beyond
 * a gap is refused, so that the owner of the connection asks for the outline again and goes on from there.
 */
import { isTrouble, type Mark, marksOf } from "@/lib/logs/marks";
import { MAX_OUTLINE_MARKS, type Outline, type OutlineSection } from "@/lib/logs/outline";
import type { Style } from "@/lib/logs/sgr";
import type { LogCut, LogLine, LogTail } from "@/lib/snapshots/wire";
import { type Bounds, LinePages, pageOf } from "./line-pages";
import type { LogChunk } from "./log-frame";
import { type LoadLines, PageLoader, type Wanted } from "./page-loader";

export interface LogSection extends OutlineSection {
  key: string;
}

export interface LogView {
  /** The number of the last line. */
  count: number;
  sections: readonly LogSection[];
  marks: readonly Mark[];
  /** Lines that the log has lost to its cap. */
  cut: LogCut | null;
  /** Lines that aren't complete, as they look now. */
  tail: readonly LogTail[];
  /** The server said that there is no more to come. */
  complete: boolean;
  /** Lines that the server didn't have, though there should be some. */
  missing: { from: number; to: number } | null;
  /** Characters of the longest line that was seen. */
  widest: number;
  /** A line that is here. */
  lineAt: (line: number) => LogLine | undefined;
  widthOf: (line: number) => number;
  /** The style in which a line begins. */
  styleBefore: (line: number) => Style | null;
  /** These lines are looked at: they are fetched, and what is far from them is let go. */
  want: (lines: readonly number[]) => void;
  /** Lines for copying, here or not. */
  read: LoadLines;
}

export type Applied = "new" | "known" | "gap";

export interface LogStoreOptions {
  /** Runs a callback once, soon: one notification a frame, however many chunks came. Urgent: a reader waits for it. */
  schedule: (notify: () => void, isUrgent: boolean) => void;
  load: LoadLines;
  onError: (error: unknown) => void;
  bounds?: Bounds;
}

/** What a page is given of a log from the start: its shape, and the lines that are seen first. */
export interface BegunLog {
  outline: Outline;
  lines: LogLine[];
}

export class LogStore {
  private readonly pages: LinePages;
  private readonly loader: PageLoader;
  private sections: LogSection[] = [];
  private readonly starts = new Set<number>();
  private marks: readonly Mark[] = [];
  private cut: LogCut | null = null;
  private tail: readonly LogTail[] = [];
  private count = 0;
  private complete = false;
  private missing: LogView["missing"] = null;
  /** Pages of which the server had less than it should. */
  private readonly lacking = new Set<number>();
  /** Pages that are looked at. */
  private looked: readonly number[] = [0];
  private seq = 0;
  private readonly begun: LogView;
  private current: LogView;
  private pending: "soon" | "urgent" | null = null;
  private readonly listeners = new Set<() => void>();

  /** @param begun what is known of it from the start; told to nobody, for nobody listens yet. */
  constructor(
    private readonly options: LogStoreOptions,
    begun?: BegunLog,
  ) {
    this.pages = new LinePages((line) => this.starts.has(line), options.bounds);
    this.loader = new PageLoader({
      load: options.load,
      onLines: (wanted, lines) => this.arrived(wanted, lines),
      onError: options.onError,
    });
    if (begun) {
      this.adopt(begun.outline);
      for (const line of begun.lines) if (!line.cut && !this.isGone(line.line)) this.pages.put(line);
    }
    this.begun = this.picture();
    this.current = this.begun;
  }

  /** The number of the last chunk that was taken: resume after it. */
  get cursor(): number {
    return this.seq;
  }

  get isComplete(): boolean {
    return this.complete;
  }

  /** The log's shape as the server knows it; an older one than what is known already changes nothing. */
  open(outline: Outline): void {
    this.adopt(outline);
    this.changed();
  }

  private adopt(outline: Outline): void {
    this.lacking.clear();
    this.missing = null;
    if (outline.cut) this.widenCut(outline.cut);
    if (outline.complete) this.complete = true;
    if (outline.seq >= this.seq) {
      this.seq = outline.seq;
      this.count = Math.max(this.count, outline.lines);
      this.sections = [];
      this.starts.clear();
      for (const section of outline.sections) this.enter(section);
      this.marks = outline.marks;
    }
  }

  apply(chunk: LogChunk): Applied {
    if (chunk.seq <= this.seq) return "known";
    if (chunk.firstLine > this.count + 1) return "gap";
    const fresh = chunk.lines.slice(this.count + 1 - chunk.firstLine);
    this.seq = chunk.seq;
    const [first] = fresh;
    if (!first) return "known";
    for (const line of fresh) this.pages.put(line);
    this.enter({ ...chunk, step: first.step, from: first.line, to: first.line + fresh.length - 1 });
    this.count += fresh.length;
    const marks = marksOf(fresh, first.line);
    if (marks.length > 0) this.marks = [...this.marks, ...marks].slice(0, MAX_OUTLINE_MARKS);
    this.pages.evict(this.looked);
    this.changed();
    return "new";
  }

  /** These lines aren't kept any more: the next chunk begins behind them. */
  cutOut(cut: LogCut): void {
    this.widenCut(cut);
    this.changed();
  }

  private widenCut(cut: LogCut): void {
    this.cut =
      this.cut === null
        ? cut
        : {
            from: Math.min(this.cut.from, cut.from),
            to: Math.max(this.cut.to, cut.to),
            bytes: Math.max(this.cut.bytes, cut.bytes),
          };
    this.count = Math.max(this.count, cut.to);
  }

  /** A line that is still being written; an empty text takes it away. */
  rewrite(tail: LogTail): void {
    const others = this.tail.filter(({ stream }) => stream !== tail.stream);
    this.tail = tail.text === "" ? others : [...others, tail];
    this.changed();
  }

  /** The server says that everything was delivered. */
  finish(): void {
    if (this.complete) return;
    this.complete = true;
    this.tail = [];
    this.changed();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): LogView => this.current;

  /** As it was at its beginning. */
  readonly begunView = (): LogView => this.begun;

  readonly want = (lines: readonly number[]): void => {
    this.looked = [...new Set(lines.map(pageOf))];
    this.ask();
    this.pages.evict(this.looked);
  };

  /**
   * What is looked at first. When that is here, one page on each side: the reader goes there next, and a colour that
   * was left on there is known then.
   */
  private ask(): void {
    const wanted: Wanted[] = [];
    for (const page of this.looked) this.lack(page, wanted);
    if (wanted.length === 0)
      for (const page of new Set(this.looked.flatMap((each) => [each - 1, each + 1])))
        this.lack(page, wanted);
    this.loader.want(wanted);
  }

  private readonly isGone = (line: number): boolean =>
    this.cut !== null && line >= this.cut.from && line <= this.cut.to;

  private lack(page: number, into: Wanted[]): void {
    if (page < 0 || this.lacking.has(page)) return;
    const hole = this.pages.holeIn(page, this.count, this.isGone);
    if (hole) into.push({ page, ...hole });
  }

  private arrived({ page, from, to }: Wanted, lines: LogLine[]): void {
    for (const line of lines) {
      // In place of lines that went while they were asked for.
      if (line.cut) this.cutOut(line.cut);
      else if (line.line >= from && line.line <= to) this.pages.put(line);
    }
    const hole = this.pages.holeIn(page, Math.min(to, this.count), this.isGone);
    if (hole) {
      this.lacking.add(page);
      this.missing = hole;
    }
    this.pages.evict(this.looked);
    this.ask();
    this.changed(true);
  }

  private enter({ attempt, step, from, to }: OutlineSection): void {
    const last = this.sections.at(-1);
    if (last && last.step === step && last.attempt === attempt && from > last.to) {
      // A copy, for React compares.
      this.sections = [...this.sections.slice(0, -1), { ...last, to }];
      return;
    }
    this.sections = [...this.sections, { key: `${attempt}:${step}:${from}`, attempt, step, from, to }];
    this.starts.add(from);
  }

  private picture(): LogView {
    const { count, sections, marks, cut, tail, complete, missing } = this;
    return {
      ...{ count, sections, marks, cut, tail, complete, missing },
      widest: this.pages.widest,
      lineAt: (line) => this.pages.get(line),
      widthOf: (line) => this.pages.widthOf(line),
      styleBefore: (line) => this.pages.styleBefore(line),
      want: this.want,
      read: this.options.load,
    };
  }

  private changed(isUrgent = false): void {
    if (this.pending === "urgent" || (this.pending === "soon" && !isUrgent)) return;
    this.pending = isUrgent ? "urgent" : "soon";
    this.options.schedule(() => {
      // An urgent one overtook it, and has told everything.
      if (this.pending === null) return;
      this.pending = null;
      this.current = this.picture();
      for (const listener of this.listeners) listener();
    }, isUrgent);
  }
}

/** The marks of a section that tell of trouble. */
export const troublesIn = (view: Pick<LogView, "marks">, { from, to }: LogSection): Mark[] =>
  view.marks.filter((mark) => isTrouble(mark) && mark.line >= from && mark.line <= to);
