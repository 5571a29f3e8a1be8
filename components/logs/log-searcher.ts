/** One search of a log at a time, in a worker that is ended when a pattern takes too long. Without React. */
import type { LogCut } from "@/lib/snapshots/wire";
import type { SearchAnswer, SearchRequest } from "./search-messages";

export interface SearchState {
  /** What was looked for. */
  matcher: RegExp | null;
  /** Numbers of matching lines, in order. */
  found: readonly number[];
  /** Lines up to this one were looked through. */
  upTo: number;
  /** Why it ended before the end. */
  failed: "slow" | "unreachable" | null;
}

export const noSearch: SearchState = { matcher: null, found: [], upTo: 0, failed: null };

/** For a megabyte of log, of which a fair pattern takes a hundredth of that. */
const DEADLINE_MS = 2_000;
/** A megabyte takes less than this: who looks on is told of several at a time. */
const TELL_MS = 100;

export class LogSearcher {
  private worker: Worker | null = null;
  private id = 0;
  private state = noSearch;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private telling: ReturnType<typeof setTimeout> | undefined;
  /** The number of the last line that is to be looked through. */
  private count = 0;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly makeWorker: () => Worker,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): SearchState => this.state;

  /** Fetches the text for a search that is about to be asked for. */
  prepare(count: number, cut: LogCut | null): void {
    if (!this.worker) this.ask(null, count, cut);
  }

  /** Looks for something else, or for nothing. */
  look(matcher: RegExp | null, count: number, cut: LogCut | null): void {
    this.id += 1;
    this.set({ ...noSearch, matcher });
    clearTimeout(this.deadline);
    if (matcher) this.ask({ id: this.id, source: matcher.source, flags: matcher.flags }, count, cut);
  }

  /** The log has grown. */
  grow(count: number, cut: LogCut | null): void {
    if (this.state.matcher && this.worker && this.state.failed === null) this.ask(null, count, cut);
  }

  /** The thread and the text that it holds go. */
  close(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.telling);
    this.worker?.terminate();
    this.worker = null;
  }

  private ask(search: SearchRequest["search"], count: number, cut: LogCut | null): void {
    if (!this.worker) {
      const worker = this.makeWorker();
      this.worker = worker;
      worker.addEventListener("message", ({ data }: MessageEvent<SearchAnswer>) => this.hear(data));
      worker.addEventListener("error", () => this.fail("unreachable"));
    }
    this.count = count;
    const request: SearchRequest = { search, url: this.url, count, cut };
    this.worker.postMessage(request);
  }

  private hear(answer: SearchAnswer): void {
    if (answer.kind === "failed") {
      this.fail("unreachable");
      return;
    }
    clearTimeout(this.deadline);
    if (answer.kind === "begin") {
      this.deadline = setTimeout(() => this.fail("slow"), DEADLINE_MS);
      return;
    }
    if (answer.id !== this.id) return;
    // Copied a block at a time and not a line at a time: a million hits are fifty copies.
    const found =
      answer.lines.length > 0 ? this.state.found.concat(Array.from(answer.lines)) : this.state.found;
    this.state = { ...this.state, found, upTo: answer.upTo };
    if (answer.upTo >= this.count) this.set(this.state);
    else this.telling ??= setTimeout(() => this.set(this.state), TELL_MS);
  }

  private fail(failed: SearchState["failed"]): void {
    this.close();
    this.set({ ...this.state, failed });
  }

  private set(state: SearchState): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
