/** For tests: what a browser does at a terminal, without one. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { type End, type FromBrowser, fromWorkerSchema, PROTOCOL, TICKET_PREFIX } from "@/lib/terminals/wire";
import { until } from "./until";

export class TerminalClient {
  /** All output since the last screen. */
  text = "";
  /** The last screen that it was given. */
  screen: { columns: number; rows: number } | null = null;
  screens = 0;
  bytes = 0;
  end: End | null = null;
  size: { columns: number; rows: number } | null = null;
  closed = false;
  /** Does it say what it has shown? */
  shows = true;

  private constructor(private readonly socket: WebSocket) {
    socket.on("close", () => {
      this.closed = true;
    });
    socket.on("message", (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      if (!isBinary) return this.hear(bytes.toString());
      this.bytes += bytes.length;
      this.text = (this.text + bytes.toString()).slice(-200_000);
      if (this.shows) this.say({ type: "shown", bytes: bytes.length });
    });
  }

  /** @throws Error when it is refused before anything is said. */
  static async open(address: string, ticket: string): Promise<TerminalClient> {
    const socket = new WebSocket(address, [PROTOCOL, `${TICKET_PREFIX}${ticket}`]);
    const client = new TerminalClient(socket);
    await once(socket, "open");
    return client;
  }

  say(message: FromBrowser): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  type(text: string): void {
    this.socket.send(Buffer.from(text));
  }

  /** As when the network is cut. */
  cut(): void {
    this.socket.terminate();
  }

  /** Resolves when this is to be read. */
  async sees(what: string | RegExp): Promise<void> {
    await until(`${what} in a terminal that says ${JSON.stringify(this.text.slice(-300))}`, () =>
      typeof what === "string" ? this.text.includes(what) : what.test(this.text),
    );
  }

  /** Resolves with the next message after which it has had more than so many bytes. */
  async grows(bytes: number): Promise<void> {
    while (this.bytes <= bytes) await once(this.socket, "message");
  }

  async ended(): Promise<End> {
    return until("the terminal to end", () => this.end);
  }

  private hear(text: string): void {
    const message = fromWorkerSchema.parse(JSON.parse(text));
    if (message.type === "end") this.end = message;
    else if (message.type === "size") this.size = message;
    else if (message.type === "screen") {
      this.screen = message;
      this.screens += 1;
      this.text = "";
    }
  }
}
