/**
 * The one writer of a build's log. Lines are gathered for 200 ms or 16 KiB, or for less while somebody looks on; the first ones go out at once; while a
 * chunk is being stored more gather, so that a script that prints fast costs few large chunks. They are appended one
 * after the other under the build's claim. What isn't stored yet waits in a spool, of which little is memory: neither a
 * slow database nor one that is away for a while holds the container up. Only when the spool is full the caller waits,
 * and so does the container.
 */

import { databaseTime } from "@/lib/db/clock.server";
import { type Packed, packRuns, type Run, toRun } from "@/lib/logs/chunk";
import { LineMaker, type Lines } from "@/lib/logs/line-maker";
import { maskedForms, type SecretValue } from "@/lib/secrets/forms";
import { Masker, maskText } from "@/lib/secrets/masker";
import { Matcher } from "@/lib/secrets/matcher";
import type { Append } from "@/lib/snapshots/log-store.server";
import type { Replay } from "@/lib/snapshots/progress.server";
import type { LogTail } from "@/lib/snapshots/wire";
import { Gathered } from "./gathered";
import { KnownOutput } from "./known-output";
import { Spool } from "./spool";

const defaults = {
  flushMs: 200,
  /** Instead, for so long after somebody was seen to look at the log. */
  watchedFlushMs: 40,
  watchedMs: 15_000,
  flushBytes: 16 * 1024,
  /** So much is gathered for one chunk while another one is being stored. */
  chunkBytes: 256 * 1024,
  /** Of what isn't stored yet, compressed as it will be: in memory, and beyond that in a file. A caller waits when both are full. */
  memoryBytes: 2 * 1024 * 1024,
  fileBytes: 128 * 1024 * 1024,
  /** The waits between two tries while the database is away, doubling from the first to the last; then it gives up. */
  retryMs: 100,
  mostRetryMs: 2_000,
  giveUpMs: 180_000,
};
export type LogLimits = typeof defaults;

/** Of a line that isn't complete. */
const TAIL_CHARS = 4096;

export class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

export interface LogWriterOptions {
  /** Stores one chunk; false when the claim is lost. May reject while the database is away: then it is repeated. */
  append: (chunk: Append) => Promise<boolean>;
  /** Tells how the lines look that aren't complete yet; may reject, then the next one is told. */
  tell?: (tail: LogTail[]) => Promise<void>;
  /** Where the log stands: it goes on after these. */
  seq: number;
  lines: number;
  step: string;
  /** Where the file of what isn't stored yet is made. */
  spoolFolder: string;
  onRetry: (error: unknown) => void;
  limits?: Partial<LogLimits>;
}

export class LogWriter {
  private secrets = new Matcher([]);
  private maskers = { stdout: new Masker(this.secrets), stderr: new Masker(this.secrets) };
  private makers = { stdout: new LineMaker(), stderr: new LineMaker() };
  /** What comes again of an output that is read from its beginning. */
  private known: KnownOutput | null = null;
  private readonly batch = new Gathered();
  private readonly sealed: Spool<Packed & { step: string }>;
  private seq: number;
  /** Lines that were accepted so far, stored or not. */
  private lineCount: number;
  private storedLines: number;
  private step: string;
  private timer: NodeJS.Timeout | undefined;
  private lastFlush = 0;
  private watchedUntil = 0;
  private tailTimer: NodeJS.Timeout | undefined;
  /** The tail as it was told last. */
  private told = "[]";
  private pumping: Promise<void> | undefined;
  private failure: Error | undefined;
  private readonly limits: LogLimits;

  constructor(private readonly options: LogWriterOptions) {
    this.limits = { ...defaults, ...options.limits };
    this.sealed = new Spool(options.spoolFolder, this.limits, options.onRetry);
    this.seq = options.seq;
    this.lineCount = options.lines;
    this.storedLines = options.lines;
    this.step = options.step;
  }

  /** The number that the next line will have. */
  get nextLine(): number {
    return this.lineCount + 1;
  }

  /** From here on these never get into the log, in none of the forms that are known. */
  mask(secrets: readonly SecretValue[]): void {
    this.endStreams();
    this.secrets = new Matcher(maskedForms(secrets));
    this.restartStreams();
  }

  /**
   * The output of this step comes again from its very beginning: what is stored of it is passed by, and a line
   * that was only half there is made anew.
   */
  replay(stored: Replay): void {
    this.restartStreams();
    this.known = new KnownOutput(stored);
  }

  /** The text as it may be told. */
  masked(text: string): string {
    return maskText(this.secrets, text);
  }

  /** Somebody looks at the log: for a while lines are stored sooner, in more and smaller chunks. */
  watched(): void {
    this.watchedUntil = Date.now() + this.limits.watchedMs;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.schedule();
  }

  /** From here on lines belong to this step. */
  enter(step: string): void {
    this.endStreams();
    this.seal();
    this.step = step;
  }

  /** Takes output; resolves when there is room for more. @throws ClaimLost, OutputLost, or the error that the log can't be stored. */
  async write(stream: "stdout" | "stderr", data: Uint8Array): Promise<void> {
    const shown = this.maskers[stream].push(data);
    this.addOutput(stream, this.makers[stream].push(shown), databaseTime().getTime());
    this.schedule();
    this.scheduleTail();
    while (this.sealed.isFull && !this.failure) await this.pump();
    if (this.failure) throw this.failure;
  }

  /** Kiln's own words: a line, or several. */
  say(text: string): void {
    const at = databaseTime().getTime();
    for (const line of this.masked(text).split("\n")) this.add(toRun({ stream: "system", at, text: line }));
    this.schedule();
  }

  /** Stores everything that was taken so far. @throws as `write`. */
  async flush(): Promise<void> {
    this.stopTimers();
    this.endStreams();
    await this.storeAll();
  }

  /** Stores the whole lines, and leaves one that is only half there to whoever reads the output again. @throws as `write`. */
  async leave(): Promise<void> {
    this.stopTimers();
    this.restartStreams();
    await this.storeAll();
  }

  private stopTimers(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.tailTimer);
    this.tailTimer = undefined;
  }

  private async storeAll(): Promise<void> {
    this.seal();
    while (this.sealed.length > 0 && !this.failure) await this.pump();
    if (this.failure) throw this.failure;
  }

  private restartStreams(): void {
    this.maskers = { stdout: new Masker(this.secrets), stderr: new Masker(this.secrets) };
    this.makers = { stdout: new LineMaker(), stderr: new LineMaker() };
  }

  private endStreams(): void {
    const now = databaseTime().getTime();
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.maskers[stream].end();
      if (rest.length > 0) this.addOutput(stream, this.makers[stream].push(rest), now);
      this.addOutput(stream, this.makers[stream].end(), now);
    }
    this.known = null;
  }

  /** @throws OutputLost */
  private addOutput(stream: "stdout" | "stderr", pieces: readonly Lines[], at: number): void {
    for (const lines of pieces) {
      const { count, bytes } = this.known?.pass(stream, lines) ?? lines;
      if (count > 0) this.add({ stream, at, count, bytes });
    }
  }

  private add(run: Run): void {
    this.batch.add(run);
    this.lineCount += run.count;
    const enough = this.pumping === undefined ? this.limits.flushBytes : this.limits.chunkBytes;
    if (this.batch.bytes >= enough) this.seal();
  }

  private seal(): void {
    if (this.batch.isEmpty) return;
    const runs = this.batch.take();
    if (!this.failure) this.sealed.push({ ...packRuns(runs), step: this.step });
    void this.pump();
  }

  /** While chunks are being stored, what comes is gathered: a slow database gets larger chunks, not more of them. */
  private schedule(): void {
    if (this.batch.isEmpty || this.timer || this.pumping || this.failure) return;
    if (this.batch.bytes >= this.limits.flushBytes) {
      this.seal();
      return;
    }
    const { flushMs, watchedFlushMs } = this.limits;
    const every = Date.now() < this.watchedUntil ? Math.min(watchedFlushMs, flushMs) : flushMs;
    const wait = Math.max(0, this.lastFlush + every - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.seal();
    }, wait);
  }

  private tail(): LogTail[] {
    const { step } = this;
    return (["stdout", "stderr"] as const)
      .map((stream) => ({ stream, step, text: this.makers[stream].open().slice(0, TAIL_CHARS) }))
      .filter(({ text }) => text !== "");
  }

  /** A line that is being rewritten is told at most so often; a chunk that is on its way brings it along. */
  private scheduleTail(): void {
    if (!this.options.tell || this.tailTimer || this.failure) return;
    if (this.told === "[]" && !this.makers.stdout.isOpen && !this.makers.stderr.isOpen) return;
    this.tailTimer = setTimeout(() => {
      this.tailTimer = undefined;
      this.tellTail();
    }, this.limits.flushMs);
  }

  private tellTail(): void {
    if (this.pumping || !this.batch.isEmpty || this.failure) return;
    const tail = this.tail();
    const text = JSON.stringify(tail);
    if (text === this.told) return;
    this.told = text;
    // In turn with the chunks: an older tail must not come after a newer line.
    this.pumping = (this.options.tell?.(tail) ?? Promise.resolve())
      .catch(this.options.onRetry)
      .finally(() => this.pumped());
  }

  /** Stores sealed chunks until none is left; one at a time, so that their order is their number. */
  private pump(): Promise<void> {
    this.pumping ??= this.store().finally(() => this.pumped());
    return this.pumping;
  }

  private pumped(): void {
    this.pumping = undefined;
    // A chunk may have been sealed after the last look and before this.
    if (this.sealed.length > 0 && !this.failure) void this.pump();
    else this.schedule();
    this.scheduleTail();
  }

  private async store(): Promise<void> {
    try {
      for (let chunk = this.sealed.first(); chunk; chunk = this.sealed.first()) {
        this.lastFlush = Date.now();
        // What isn't complete comes after all that waits.
        const tail = this.sealed.length === 1 && this.batch.isEmpty ? this.tail() : [];
        const append = { ...chunk, seq: this.seq + 1, firstLine: this.storedLines + 1, tail };
        this.told = JSON.stringify(tail);
        if (!(await this.persist(append))) throw new ClaimLost("the claim on this snapshot is lost");
        this.seq += 1;
        this.storedLines += chunk.count;
        this.sealed.shift();
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      // Nobody will store it: whoever has the claim now reads the output again.
      this.sealed.clear();
    }
  }

  private async persist(append: Append): Promise<boolean> {
    const { retryMs, mostRetryMs, giveUpMs } = this.limits;
    const giveUpAt = Date.now() + giveUpMs;
    for (let wait = retryMs; ; wait = Math.min(wait * 2, mostRetryMs)) {
      try {
        return await this.options.append(append);
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        this.options.onRetry(error);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }
}
