/**
 * One listening connection a process, fanned out in memory. A notification is only a pointer; whoever is
 * woken reads the rows. A lost notification costs at most one safety poll, so the hub may drop and reconnect.
 */
import { Client } from "pg";
import { z } from "zod";
import { askForTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { changeKinds, hostKinds, logKinds } from "./wire";

const pointerSchema = z.object({ kind: z.enum([...changeKinds, ...hostKinds, ...logKinds]), id: z.uuid() });
export type Pointer = z.infer<typeof pointerSchema>;
/** `null`: the connection was away, so anything may have changed. */
type Listener = (pointer: Pointer | null) => void;

const CHANNEL = "kiln";
const MAX_BACKOFF_MS = 5_000;
const PROBE_MS = 10_000;

class Hub {
  private readonly listeners = new Set<Listener>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private backoff = 100;

  /** @returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    if (!this.client && !this.timer) void this.connect();
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    const client = this.client;
    this.client = undefined;
    this.listeners.clear();
    await client?.end();
  }

  private async connect(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const client = new Client({
      connectionString: env().DATABASE_URL,
      application_name: "kiln-events",
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    this.client = client;
    client.on("error", (error) => this.reconnect(client, error));
    client.on("end", () => this.reconnect(client, new Error("the connection ended")));
    client.on("notification", (message) => this.deliver(message.payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.backoff = 100;
      for (const listener of this.listeners) listener(null);
      this.probe(client);
    } catch (error) {
      this.reconnect(client, error);
    }
  }

  /** F16: a half-open connection looks alive for ever; a small query with a deadline tells. */
  private probe(client: Client): void {
    this.timer = setTimeout(() => {
      askForTime(client).then(
        () => this.client === client && this.probe(client),
        (error: unknown) => this.reconnect(client, error),
      );
    }, PROBE_MS);
    this.timer.unref();
  }

  private reconnect(client: Client, error: unknown): void {
    if (this.client !== client) return;
    this.client = undefined;
    clearTimeout(this.timer);
    client
      .end()
      .catch((cause: unknown) => log.debug({ err: cause }, "closing a broken listening connection"));
    log.warn({ err: error, retryInMs: this.backoff }, "the listening connection was lost");
    this.timer = setTimeout(() => void this.connect(), this.backoff);
    this.timer.unref();
    this.backoff = Math.min(this.backoff * 2, MAX_BACKOFF_MS);
  }

  private deliver(payload: string): void {
    const pointer = pointerSchema.safeParse(parse(payload));
    if (pointer.success) for (const listener of this.listeners) listener(pointer.data);
    else log.warn({ payload: payload.slice(0, 200) }, "an unreadable notification");
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch (error) {
    log.debug({ err: error }, "a notification that isn't JSON");
    return null;
  }
}

const kept = globalThis as typeof globalThis & { kilnHub?: Hub };

export function hub(): Hub {
  kept.kilnHub ??= new Hub();
  return kept.kilnHub;
}

/** Ends the listening connection; the next subscription opens a new one. */
export async function closeHub(): Promise<void> {
  const current = kept.kilnHub;
  delete kept.kilnHub;
  await current?.close();
}

/**
 * A level-triggered wake-up: what arrives between two waits isn't lost. Arm by subscribing *before* the first
 * read; then read, wait, read again.
 */
export class Wake {
  private pending = false;
  private release: (() => void) | undefined;
  private readonly unsubscribe: () => void;

  constructor(matches: (pointer: Pointer) => boolean, onPointer?: (pointer: Pointer | null) => void) {
    this.unsubscribe = hub().subscribe((pointer) => {
      if (pointer !== null && !matches(pointer)) return;
      onPointer?.(pointer);
      this.pending = true;
      this.release?.();
    });
  }

  /** Resolves at the next matching pointer, at the latest after `ms`, or when `signal` aborts. */
  async next(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.pending && !signal?.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          this.release = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal?.addEventListener("abort", done, { once: true });
        this.release = done;
      });
    }
    this.pending = false;
  }

  close(): void {
    this.unsubscribe();
    this.release?.();
  }
}
