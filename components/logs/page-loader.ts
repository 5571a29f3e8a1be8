/** Fetches the pages that are looked at, the latest wish first. What nobody wants any more is not waited for. */
import type { LogLine } from "@/lib/snapshots/wire";

/** Reads the lines `from` to `to`. */
export type LoadLines = (from: number, to: number, signal: AbortSignal) => Promise<LogLine[]>;

export interface Wanted {
  page: number;
  from: number;
  to: number;
}

interface LoaderOptions {
  load: LoadLines;
  onLines: (wanted: Wanted, lines: LogLine[]) => void;
  onError: (error: unknown) => void;
}

const AT_A_TIME = 3;
const delays = [500, 1_000, 2_000, 5_000, 10_000];

export class PageLoader {
  private wanted: Wanted[] = [];
  private readonly running = new Map<number, AbortController>();
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LoaderOptions) {}

  /** All that is wanted from now on, the most urgent first. */
  want(wanted: Wanted[]): void {
    this.wanted = wanted;
    const pages = new Set(wanted.map(({ page }) => page));
    for (const [page, controller] of this.running) if (!pages.has(page)) controller.abort();
    this.pump();
  }

  private pump(): void {
    if (this.timer !== undefined) return;
    for (const wanted of this.wanted) {
      if (this.running.size >= AT_A_TIME) return;
      if (!this.running.has(wanted.page)) void this.fetch(wanted);
    }
  }

  private async fetch(wanted: Wanted): Promise<void> {
    const controller = new AbortController();
    this.running.set(wanted.page, controller);
    try {
      const lines = await this.options.load(wanted.from, wanted.to, controller.signal);
      this.failures = 0;
      this.wanted = this.wanted.filter((other) => other !== wanted);
      this.running.delete(wanted.page);
      if (!controller.signal.aborted) this.options.onLines(wanted, lines);
    } catch (error) {
      this.running.delete(wanted.page);
      if (!controller.signal.aborted) this.failed(error);
    }
    this.pump();
  }

  /** The server is away, most likely: wait, longer each time, and ask again for what is wanted by then. */
  private failed(error: unknown): void {
    if (this.failures === 0) this.options.onError(error);
    const delay = delays[Math.min(this.failures, delays.length - 1)] ?? 0;
    this.failures += 1;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.pump();
    }, delay);
  }
}
