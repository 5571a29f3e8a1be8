/**
 * An attachment to a container on a connection of its own. On one without TLS its data is read into one piece of memory, always the
 * same. Node's streams make a new one of 64 KiB for each read, and a collector that shall keep the process small goes
 * through all that is old some forty times while a million lines come by: half of what they cost.
 */
import { once } from "node:events";
import { request } from "node:http";
import type { OnReadOpts, Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { Client } from "./client";
import { withDeadline } from "./deadline";

const READ_BYTES = 64 * 1024;

export interface Attachment {
  /** What the engine sends. A piece is good until the next one is asked for; nothing is read before that. */
  pieces: AsyncIterable<Uint8Array>;
  /** The container's standard input, of one that takes some. */
  input: Socket;
  /** Destroys the connection. Safe to call twice. */
  close(): void;
}

/** The deadline counts until the engine has answered; `signal` ends the connection also later. @throws EngineError, or the signal's reason */
export async function openAttachment(
  client: Client,
  container: string,
  { stdin }: { stdin: boolean },
  signal: AbortSignal,
): Promise<Attachment> {
  const reader = client.secure
    ? new DecipheringReader(client.dial())
    : new Reader((onread) => client.dial(onread));
  const { socket } = reader;
  const close = () => {
    signal.removeEventListener("abort", close);
    socket.destroy();
  };
  try {
    await withDeadline(
      "attach",
      client.deadlines.quick,
      () => upgrade(reader, `/containers/${encodeURIComponent(container)}/attach`, stdin),
      signal,
    );
  } catch (error) {
    close();
    throw error;
  }
  signal.addEventListener("abort", close, { once: true });
  return { pieces: reader.pieces(), input: socket, close };
}

/** Asks by Node's own client, up to the point from which the connection is no longer one of HTTP. */
async function upgrade(reader: Connected, path: string, stdin: boolean): Promise<void> {
  const query = `stream=1&stdout=1&stderr=1${stdin ? "&stdin=1" : ""}`;
  const asked = request({
    method: "POST",
    path: `${path}?${query}`,
    headers: { Host: "docker", Connection: "Upgrade", Upgrade: "tcp", "Content-Length": 0 },
    createConnection: () => reader.socket,
  });
  // In the very moment: what is read next is no answer any more.
  asked.on("upgrade", (_response, _socket, head) => reader.take(head));
  const upgraded = once(asked, "upgrade");
  const refused = once(asked, "response").then(async ([response]) => {
    const body = await text(response);
    throw Object.assign(new Error(body), { statusCode: response.statusCode, json: parse(body) });
  });
  asked.end();
  await Promise.race([upgraded, refused]);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // What isn't JSON is a proxy's page: its status says enough.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface Connected {
  readonly socket: Socket;
  /** From here on what comes is the container's, this first. */
  take(head: Uint8Array): void;
  pieces(): AsyncIterable<Uint8Array>;
}

/**
 * Over TLS the one piece of memory would lose data: a connection that is to pause still writes all that it has
 * deciphered already, each record over the one before.
 */
class DecipheringReader implements Connected {
  private head: Uint8Array = new Uint8Array();

  constructor(readonly socket: Socket) {
    // Whoever reads is told; until then nobody listens, and an error without a listener ends the process.
    socket.on("error", () => undefined);
  }

  take(head: Uint8Array): void {
    this.head = head;
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    if (this.head.length > 0) yield this.head;
    yield* this.socket;
  }
}

class Reader implements Connected {
  readonly socket: Socket;
  /** What came with the answer's head. */
  private head: Uint8Array | null = null;
  private isTaken = false;
  private filled = 0;
  private failure: Error | null = null;
  private readonly memory = new Uint8Array(READ_BYTES);
  private wake: () => void = () => undefined;

  constructor(dial: (onread: OnReadOpts) => Socket) {
    this.socket = dial({ buffer: this.memory, callback: (bytes) => this.onRead(bytes) });
    this.socket.on("error", (error) => {
      this.failure = error;
    });
    this.socket.on("close", () => this.wake());
  }

  take(head: Uint8Array): void {
    this.isTaken = true;
    this.head = head.length > 0 ? head : null;
  }

  async *pieces(): AsyncGenerator<Uint8Array, void, void> {
    if (this.head) yield this.head;
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      if (this.filled === 0 && !this.socket.destroyed) {
        this.socket.resume();
        await woken;
      }
      if (this.filled === 0) break;
      const { filled } = this;
      this.filled = 0;
      yield this.memory.subarray(0, filled);
    }
    if (this.failure) throw this.failure;
  }

  /** @returns whether more may be read at once */
  private onRead(bytes: number): boolean {
    if (!this.isTaken) {
      // Node's client hears it as of any other connection.
      this.socket.emit("data", Buffer.from(this.memory.subarray(0, bytes)));
      // What follows the head is the container's, and waits until it is asked for.
      return !this.isTaken;
    }
    this.filled = bytes;
    this.wake();
    return false;
  }
}
