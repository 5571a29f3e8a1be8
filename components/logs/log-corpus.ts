/** The text of a whole log, fetched once and in order, for looking through it again and again. */
import { cleanLines } from "@/lib/logs/ansi";
import type { LogCut } from "@/lib/snapshots/wire";

export interface TextBlock {
  first: number;
  /** The number of its last line. */
  last: number;
  /** As it is seen. */
  text: string;
}

const BLOCK_CHARS = 1024 * 1024;

export class LogCorpus {
  readonly blocks: TextBlock[] = [];
  /** The number of the last line that is here, or that is passed because it is nowhere. */
  private upTo = 0;
  private loading = false;
  private count = 0;
  private cut: LogCut | null = null;

  constructor(
    private readonly url: string,
    private readonly onBlock: (block: TextBlock) => void,
  ) {}

  /** Fetches what is missing up to line `count`. @throws when the server refuses or can't be reached. */
  async grow(count: number, cut: LogCut | null): Promise<void> {
    this.count = Math.max(this.count, count);
    this.cut = cut;
    if (this.loading) return;
    this.loading = true;
    try {
      while (this.upTo < this.count) {
        const before = this.upTo;
        await this.fetchNext();
        // The server has less than it should; another call tries again.
        if (this.upTo === before) return;
      }
    } finally {
      this.loading = false;
    }
  }

  private async fetchNext(): Promise<void> {
    const { cut } = this;
    if (cut && this.upTo + 1 >= cut.from && this.upTo < cut.to) {
      this.upTo = cut.to;
      return;
    }
    // It ends where lines are missing.
    const response = await fetch(`${this.url}?after=${this.upTo}`);
    if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`);
    let rest = "";
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ? decoder.decode(value, { stream: true }) : decoder.decode();
      if (!done && rest.length < BLOCK_CHARS) continue;
      const whole = rest.lastIndexOf("\n");
      if (whole >= 0) this.add(rest.slice(0, whole));
      rest = rest.slice(whole + 1);
      if (done) return;
    }
  }

  private add(text: string): void {
    const first = this.upTo + 1;
    let lines = 1;
    for (let place = text.indexOf("\n"); place >= 0; place = text.indexOf("\n", place + 1)) lines += 1;
    this.upTo += lines;
    const block = { first, last: this.upTo, text: cleanLines(text) };
    this.blocks.push(block);
    this.onBlock(block);
  }
}
