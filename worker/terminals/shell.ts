/** One shell, what it shows, and who looks at it. It goes on while nobody does. */
import { setTimeout as sleep } from "node:timers/promises";
import { heardLater } from "@/lib/heard-later";
import { log } from "@/lib/log.server";
import type { End, Size, Whose } from "@/lib/terminals/wire";
import type { TerminalProcess } from "@/worker/containers/terminal-types";
import { EngineError } from "@/worker/containers/types";
import { Screen } from "./screen";
import type { Viewer } from "./viewer";

/** A shell that floods its screen shows so much in such a time: its worker has other things to do. */
const PACE_BYTES = 1024 * 1024;
const PACE_MS = 250;
/** So much of what its terminal answers waits for a program that asks and doesn't listen; the rest is dropped. */
const MOST_UNSAID = 4_096;

export type ShellEnd = Omit<End, "type">;

export class Shell {
  /** Settles when it has ended and everybody has been told. */
  readonly over: Promise<ShellEnd>;
  /** Since when nobody looks at it; null while somebody does. */
  unseenSince: number | null = performance.now();
  private readonly viewers = new Set<Viewer>();
  private readonly screen: Screen;
  private turn: Promise<void> = Promise.resolve();
  private saying: Promise<void> = Promise.resolve();
  private unsaid = 0;
  private wish: ShellEnd | null = null;

  constructor(
    readonly whose: Whose,
    readonly containerId: string,
    private readonly process: TerminalProcess,
    size: Size,
    /** Why it ended, when that is because of what it is in. */
    private readonly whyEnded: () => Promise<ShellEnd | null>,
  ) {
    this.screen = new Screen(size, (reply) => this.reply(reply));
    this.over = this.run();
  }

  get watching(): readonly Viewer[] {
    return [...this.viewers];
  }

  /** Shows what there is; what comes from then on follows. */
  async attach(viewer: Viewer): Promise<void> {
    await this.next(async () => {
      if (this.wish) return viewer.end(this.wish);
      this.viewers.add(viewer);
      this.unseenSince = null;
      viewer.showScreen(this.screen.size, this.screen.asBytes());
    });
  }

  detach(viewer: Viewer): void {
    if (!this.viewers.delete(viewer) || this.viewers.size > 0) return;
    this.unseenSince = performance.now();
  }

  /** One that the shell went on without gets the screen as it is now. */
  refresh(viewer: Viewer): Promise<void> {
    return this.next(async () => viewer.showScreen(this.screen.size, this.screen.asBytes()));
  }

  /** Resolves when there is room for more. */
  async input(data: Uint8Array): Promise<void> {
    if (!this.wish) await this.process.write(data);
  }

  /** Nobody types it, so nobody waits for it: one after the other, while there aren't too many. */
  private reply(data: Uint8Array): void {
    if (this.unsaid + data.length > MOST_UNSAID) return;
    this.unsaid += data.length;
    this.saying = this.saying
      .then(() => this.input(data))
      .catch((error: unknown) =>
        log.info({ err: error, whose: this.whose }, "a terminal's answer couldn't be given"),
      )
      .then(() => {
        this.unsaid -= data.length;
      });
  }

  /** @param by everybody else is told */
  async resize(size: Size, by: Viewer): Promise<void> {
    await this.next(async () => {
      if (size.columns === this.screen.size.columns && size.rows === this.screen.size.rows) return;
      this.screen.resize(size);
      for (const viewer of this.viewers) if (viewer !== by) viewer.say({ type: "size", ...size });
      await this.process.resize(size.columns, size.rows);
    });
  }

  /** Ends it with all that came of it, for this reason. Safe to repeat: the first reason stays. */
  async end(why: ShellEnd): Promise<void> {
    this.wish ??= why;
    await this.process.end();
    await this.over;
  }

  private async run(): Promise<ShellEnd> {
    let end: ShellEnd;
    try {
      await this.showAll();
      end = this.wish ?? (await this.endOf());
    } catch (error) {
      log.warn({ err: error, whose: this.whose }, "a terminal broke");
      const why = error instanceof EngineError ? error.message : "Something went wrong in Kiln.";
      end = this.wish ?? { code: "failed", message: `The shell was cut off. ${why}`, exitCode: null };
    }
    this.wish ??= end;
    await this.turn;
    for (const viewer of this.viewers) viewer.end(end);
    this.viewers.clear();
    this.screen.dispose();
    return end;
  }

  private async showAll(): Promise<void> {
    let begun = performance.now();
    let bytes = 0;
    for await (const data of this.process.output) {
      await this.next(() => {
        for (const viewer of this.viewers) viewer.show(data);
        return this.screen.write(data);
      });
      await Promise.all(this.watching.map((viewer) => viewer.room()));
      bytes += data.length;
      const left = PACE_MS - (performance.now() - begun);
      if (bytes >= PACE_BYTES && left > 0) await sleep(left);
      if (left > 0 && bytes < PACE_BYTES) continue;
      bytes = 0;
      begun = performance.now();
    }
  }

  private async endOf(): Promise<ShellEnd> {
    const exitCode = await this.process.exitCode();
    const why = await this.whyEnded();
    if (why) return why;
    return exitCode === null
      ? { code: "failed", message: "The container engine cut the shell off.", exitCode }
      : { code: "exited", message: `The shell ended with exit code ${exitCode}.`, exitCode };
  }

  /** One thing after the other: a screen that is given out belongs between two pieces of output. */
  private next(work: () => Promise<void> | void): Promise<void> {
    const done = heardLater(this.turn.then(work));
    this.turn = done.catch((error: unknown) => {
      log.warn({ err: error, whose: this.whose }, "a terminal's turn failed");
    });
    return done;
  }
}
