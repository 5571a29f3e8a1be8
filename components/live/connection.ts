/**
 * The one event stream of a tab, without React. It carries pointers to what changed and, while somebody
 * follows one, a build's log. Every end of a connection is handled here and not by the browser, which gives
 * up on some errors: close, wait (bounded), open again after the log's cursor.
 */

import type { LogStore } from "@/components/logs/log-store";
import { type Clock, realClock } from "@/lib/clock";
import { type Change, changeSchema } from "@/lib/events/wire";
import {
  logCutFrameSchema,
  logFrameSchema,
  logTailSchema,
  type SnapshotWire,
  snapshotSchema,
} from "@/lib/snapshots/wire";

/** What is used of the browser's EventSource. */
export interface Stream {
  addEventListener(type: string, listener: (event: Event) => void): void;
  close(): void;
}

export interface ConnectionOptions {
  connect: (url: string) => Stream;
  onChange: (change: Change) => void;
  onStatus: (snapshot: SnapshotWire) => void;
  /** The stream brought lines beyond a gap: opens the store with the log's outline of now. */
  onGap: (id: string, store: LogStore) => Promise<void>;
  /** Open, at first or again: anything may have changed since the page was rendered or the last one was lost. */
  onOpen: () => void;
  /** A frame that can't be read: a fault of ours, worth a line in the console. */
  onUnreadable: (error: unknown) => void;
}

const delays = [250, 1_000, 2_000, 5_000, 10_000, 15_000];

export class LiveConnection {
  private stream: Stream | null = null;
  /** Takes the planned opening back. */
  private unplan: (() => void) | undefined;
  private started = false;
  private failures = 0;
  private log: { id: string; store: LogStore } | null = null;
  private isConnected = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly options: ConnectionOptions,
    private readonly clock: Clock = realClock,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly connected = (): boolean => this.isConnected;

  start(): void {
    this.started = true;
    this.reopenIn(0);
  }

  stop(): void {
    this.started = false;
    this.drop();
  }

  /** Carries this log from now on; the answer ends that. Following a complete log costs no connection. */
  follow(id: string, store: LogStore): () => void {
    const log = { id, store };
    this.log = log;
    if (!store.isComplete) this.reopenIn(0);
    return () => {
      if (this.log !== log) return;
      this.log = null;
      if (!store.isComplete) this.reopenIn(0);
    };
  }

  /** The network is back, or somebody looks: don't wait for the rest of the delay. */
  nudge(): void {
    if (this.started && !this.stream) this.reopenIn(0);
  }

  /** Nobody looks: give the connection back, unless it carries a log, whose end the title tells of. */
  rest(): void {
    if (!this.log || this.log.store.isComplete) this.stop();
  }

  /** Somebody looks again. */
  resume(): void {
    if (this.started) this.nudge();
    else this.start();
  }

  private drop(): void {
    this.unplan?.();
    this.unplan = undefined;
    this.stream?.close();
    this.stream = null;
    this.setConnected(false);
  }

  /** Through a timer even at once: leaving one log and following the next makes one connection, not two. */
  private reopenIn(delay: number): void {
    this.unplan?.();
    if (this.started) this.unplan = this.clock.after(delay, () => this.open());
  }

  private url(): string {
    const { log } = this;
    if (!log || log.store.isComplete) return "/api/events";
    const search = new URLSearchParams({ log: log.id });
    if (log.store.cursor > 0) search.set("after", `${log.store.cursor}`);
    return `/api/events?${search}`;
  }

  private open(): void {
    this.stream?.close();
    const { log } = this;
    const stream = this.options.connect(this.url());
    this.stream = stream;
    const on = (type: string, take: (event: Event) => void) =>
      stream.addEventListener(type, (event) => {
        // What a closed connection had still in its queue is not for the one that followed.
        if (this.stream === stream) take(event);
      });
    on("open", () => this.opening());
    on("error", () => this.lost());
    on("change", (event) => this.read(event, (data) => this.options.onChange(changeSchema.parse(data))));
    on("status", (event) => this.read(event, (data) => this.options.onStatus(snapshotSchema.parse(data))));
    if (!log) return;
    const { store } = log;
    on("log", (event) => this.read(event, (data, seq) => this.take(log, data, seq)));
    on("cut", (event) => this.read(event, (data) => store.cutOut(logCutFrameSchema.parse(data))));
    on("tail", (event) => this.read(event, (data) => store.rewrite(logTailSchema.parse(data))));
    on("end", () => store.finish());
  }

  private opening(): void {
    this.failures = 0;
    this.setConnected(true);
    this.options.onOpen();
  }

  private lost(): void {
    const delay = delays[Math.min(this.failures, delays.length - 1)] ?? 0;
    this.failures += 1;
    this.drop();
    // Spread, so that a restarted server isn't met by every tab in the same instant.
    this.reopenIn(delay * (0.75 + Math.random() / 2));
  }

  private take({ id, store }: { id: string; store: LogStore }, data: unknown, seq: number): void {
    if (store.apply({ ...logFrameSchema.parse(data), seq }) !== "gap") return;
    this.drop();
    this.options
      .onGap(id, store)
      .catch(this.options.onUnreadable)
      .finally(() => this.lost());
  }

  private read(event: Event, use: (data: unknown, seq: number) => void): void {
    if (!(event instanceof MessageEvent)) return;
    try {
      const data: unknown = JSON.parse(String(event.data));
      use(data, Number(event.lastEventId));
    } catch (error) {
      this.options.onUnreadable(error);
    }
  }

  private setConnected(value: boolean): void {
    if (this.isConnected === value) return;
    this.isConnected = value;
    for (const listener of this.listeners) listener();
  }
}
