/**
 * The text of a whole log, fetched once and in order, for looking through it again and again. Kept as bytes: they are
 * less than strings, and no heap grows with them.
 */
import { cleanLines } from "@/lib/logs/ansi";
import type { LogCut } from "@/lib/snapshots/wire";

export interface TextBlock {
  first: number;
  /** The number of its last line. */
  last: number;
  /** As it is seen, in UTF-8; lines are parted by line feeds. */
  bytes: Uint8Array;
}

const LF = 10;
const BLOCK_BYTES = 1024 * 1024;

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
    const reader = response.body.getReader();
    let pieces: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (value) {
        pieces.push(value);
        length += value.length;
      }
      if (!done && length < BLOCK_BYTES) continue;
      const rest = this.add(concat(pieces, length));
      if (done) return;
      pieces = [rest];
      length = rest.length;
    }
  }

  /** Takes the whole lines. @returns what remains */
  private add(bytes: Uint8Array): Uint8Array {
    const whole = bytes.lastIndexOf(LF);
    if (whole < 0) return bytes;
    let lines = 1;
    for (let place = bytes.indexOf(LF); place < whole; place = bytes.indexOf(LF, place + 1)) lines += 1;
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, whole));
    const seen = cleanLines(text);
    // Not a copy: but for the beginning of a line it is all of these bytes, and copies of a whole log are much to collect.
    const kept = seen === text ? bytes.subarray(0, whole) : new TextEncoder().encode(seen);
    const block = { first: this.upTo + 1, last: this.upTo + lines, bytes: kept };
    this.upTo += lines;
    this.blocks.push(block);
    this.onBlock(block);
    return bytes.slice(whole + 1);
  }
}

function concat(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let place = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
  }
  return bytes;
}
