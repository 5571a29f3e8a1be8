/** One connection to a browser that looks at a terminal. */
import type { WebSocket } from "ws";
import { log } from "@/lib/log.server";
import type { Credential } from "@/lib/terminals/ticket.server";
import { BEAT_MS, type End, type FromWorker } from "@/lib/terminals/wire";

/** So much is on its way to the browser and not shown yet; then the shell waits for it. */
const MOST_UNSHOWN = 512 * 1024;
/** The shell waits so long, then goes on without it; it gets the screen anew when it has shown what it has. */
const WAIT_MS = 2_000;
/** A connection that hasn't answered for so many beats is gone. */
const SILENT_BEATS = 3;

export class Viewer {
  /** When it was last found that it may look. */
  checkedAt = performance.now();
  private unshown = 0;
  private behind = false;
  private silent = 0;
  private release: (() => void) | null = null;
  private readonly beating: NodeJS.Timeout;

  /** @param onCaughtUp is called when it has shown all that it has, and the shell went on without it */
  constructor(
    private readonly socket: WebSocket,
    readonly credential: Credential,
    private readonly onCaughtUp: (viewer: Viewer) => void,
  ) {
    socket.on("pong", () => {
      this.silent = 0;
    });
    socket.on("close", () => this.gone());
    this.beating = setInterval(() => this.beat(), BEAT_MS);
  }

  say(message: FromWorker): void {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
  }

  /** Output, unless it is behind. */
  show(data: Uint8Array): void {
    if (this.behind || !this.isOpen) return;
    this.unshown += data.length;
    this.socket.send(data);
  }

  /** Everything that is to be seen. */
  showScreen({ columns, rows }: { columns: number; rows: number }, screen: Uint8Array): void {
    this.behind = false;
    this.say({ type: "screen", columns, rows });
    this.show(screen);
  }

  /** Resolves when it takes more, or isn't to be waited for. */
  room(): Promise<void> {
    if (this.unshown < MOST_UNSHOWN || this.behind || !this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.behind = true;
        this.release?.();
      }, WAIT_MS);
      this.release = () => {
        clearTimeout(timer);
        this.release = null;
        resolve();
      };
    });
  }

  /** The browser has shown so much more. */
  shown(bytes: number): void {
    this.unshown = Math.max(0, this.unshown - bytes);
    if (this.unshown < MOST_UNSHOWN) this.release?.();
    if (this.behind && this.unshown === 0) this.onCaughtUp(this);
  }

  /** Says why, and closes. Nothing comes after it. */
  end(end: Omit<End, "type">): void {
    this.say({ type: "end", ...end });
    this.close(1000);
  }

  /** Without a reason for people: whoever is there comes back. */
  close(code: 1000 | 1001 | 1013): void {
    this.gone();
    if (!this.isOpen) return;
    // Nothing is read while the shell is busy; the browser's own word at the end has to be.
    this.socket.resume();
    this.socket.close(code);
  }

  private get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  private beat(): void {
    this.silent += 1;
    if (this.silent > SILENT_BEATS) {
      log.debug("a terminal's viewer is silent");
      this.socket.terminate();
      return;
    }
    this.say({ type: "beat" });
    if (this.isOpen) this.socket.ping();
  }

  private gone(): void {
    clearInterval(this.beating);
    this.release?.();
  }
}
