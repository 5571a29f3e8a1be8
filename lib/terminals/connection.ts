/** A browser's connection to one terminal: it asks for a ticket, opens, and comes back after a cut until the shell has ended. */
import { AppError } from "@/lib/errors";
import {
  BEAT_MS,
  type End,
  type FromBrowser,
  fromWorkerSchema,
  INPUT_BYTES,
  PROTOCOL,
  type Size,
  TICKET_PREFIX,
  type TicketAnswer,
} from "./wire";

export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "connected" }
  /** It tries again then; why it isn't there, when that was said. */
  | { kind: "waiting"; until: number; why: string | null }
  | { kind: "ended"; code: End["code"] | "refused"; message: string };

export interface ConnectionEvents {
  onState(state: ConnectionState): void;
  /** The terminal has an id from now on: with it, it can be come back to. */
  onTerminal(id: string): void;
  /** Its tab was closed: nobody wants its shell any more. */
  onUnwanted(id: string): void;
  /** What was shown before goes; all that is to be seen comes next. */
  onScreen(size: Size): void;
  onSize(size: Size): void;
  onOutput(data: Uint8Array): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const OPEN_MS = 15_000;
/** Nothing was heard for so long: the connection is lost, whatever the browser says. */
const SILENT_MS = BEAT_MS * 2.5;
/** What is typed while it isn't connected is kept up to this. */
const HELD_BYTES = 4_096;
/** Answers that another try changes nothing about. */
const FINAL = [401, 403, 404, 409, 410];

export class TerminalConnection {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private over = false;
  private unwanted = false;
  private live = false;
  private held: Uint8Array[] = [];

  /** @param address of the session's terminals; @param ask gets a ticket for a terminal, or for a new one */
  constructor(
    private readonly address: string,
    private terminal: string | null,
    private readonly ask: (terminal: string | null) => Promise<TicketAnswer>,
    private readonly events: ConnectionEvents,
    private size: Size,
  ) {
    void this.connect();
  }

  /** Goes to the shell, in order; what is typed during a cut goes when it is over. */
  type(text: string): void {
    const data = new TextEncoder().encode(text);
    const bytes = this.held.reduce((sum, each) => sum + each.length, data.length);
    if (this.live) this.send(data);
    else if (!this.over && bytes <= HELD_BYTES) this.held.push(data);
  }

  resize(size: Size): void {
    if (size.columns === this.size.columns && size.rows === this.size.rows) return;
    this.size = size;
    this.say({ type: "size", ...size });
  }

  /** So much of the output is on the screen. */
  shown(bytes: number): void {
    this.say({ type: "shown", bytes });
  }

  /** Leaves, and says which shell is to be ended: also one that is only being asked for, as soon as it has an id. */
  closeShell(): void {
    if (this.unwanted) return;
    this.unwanted = true;
    this.dispose();
    if (this.terminal) this.events.onUnwanted(this.terminal);
  }

  /** Tries at once instead of later. */
  retry(): void {
    if (this.over || this.socket) return;
    clearTimeout(this.timer);
    void this.connect();
  }

  /** The browser knows that it has no network: nothing comes any more, and it would be noticed late. */
  drop(): void {
    if (this.socket) this.lost(this.socket);
  }

  /** Leaves. The shell goes on. */
  dispose(): void {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.socket?.close();
  }

  private async connect(): Promise<void> {
    this.events.onState({ kind: "connecting" });
    let answer: TicketAnswer;
    try {
      answer = await this.ask(this.terminal);
    } catch (error) {
      if (error instanceof AppError && FINAL.includes(error.status))
        return this.end({ code: "refused", message: error.message });
      return this.again(error instanceof AppError ? error.message : null);
    }
    const isNew = this.terminal === null;
    this.terminal = answer.terminal;
    if (this.over) {
      if (this.unwanted && isNew) this.events.onUnwanted(answer.terminal);
      return;
    }
    this.events.onTerminal(answer.terminal);
    this.open(answer.ticket);
  }

  private open(ticket: string): void {
    const socket = new WebSocket(this.address, [PROTOCOL, `${TICKET_PREFIX}${ticket}`]);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.listenFor(OPEN_MS);
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (socket !== this.socket) return;
      this.listenFor(SILENT_MS);
      if (data instanceof ArrayBuffer) this.events.onOutput(new Uint8Array(data));
      else if (typeof data === "string") this.hear(data);
    });
    socket.addEventListener("close", () => this.lost(socket));
  }

  private listenFor(milliseconds: number): void {
    clearTimeout(this.silence);
    const { socket } = this;
    if (socket) this.silence = setTimeout(() => this.lost(socket), milliseconds);
  }

  private hear(text: string): void {
    const message = fromWorkerSchema.parse(JSON.parse(text));
    if (message.type === "end") {
      // It had waited for long on its way: another one may come in time.
      if (message.code === "ticket_refused") return;
      this.end(message);
    } else if (message.type === "size") this.events.onSize(message);
    else if (message.type === "screen") {
      this.events.onScreen(message);
      if (!this.live) this.begin(message);
    }
  }

  private begin(shown: Size): void {
    this.live = true;
    this.tries = 0;
    this.events.onState({ kind: "connected" });
    if (shown.columns !== this.size.columns || shown.rows !== this.size.rows)
      this.say({ type: "size", columns: this.size.columns, rows: this.size.rows });
    for (const data of this.held.splice(0)) this.send(data);
  }

  private send(data: Uint8Array): void {
    for (let at = 0; at < data.length; at += INPUT_BYTES) {
      this.socket?.send(new Uint8Array(data.subarray(at, at + INPUT_BYTES)));
    }
  }

  private say(message: FromBrowser): void {
    if (this.live && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) return;
    clearTimeout(this.silence);
    this.socket = null;
    this.live = false;
    socket.close();
    if (!this.over) this.again(null);
  }

  private again(why: string | null): void {
    if (this.over) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.tries, LONGEST_WAIT_MS);
    this.tries += 1;
    this.timer = setTimeout(() => void this.connect(), wait);
    this.events.onState({ kind: "waiting", until: Date.now() + wait, why });
  }

  private end({ code, message }: { code: End["code"] | "refused"; message: string }): void {
    this.over = true;
    this.live = false;
    clearTimeout(this.silence);
    this.events.onState({ kind: "ended", code, message });
  }
}
