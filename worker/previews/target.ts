/** One port of one session's container, and the connections to it. */
import { once } from "node:events";
import { Agent, type ClientRequest, type ClientRequestArgs } from "node:http";
import { type Duplex, PassThrough } from "node:stream";
import type { PageCode } from "@/lib/previews/pages";
import { CONNECTED, NOTHING_LISTENS, portCommand } from "@/lib/previews/port-program";
import { type Engine, EngineError } from "@/worker/containers/types";

/** Where a session's programs run, and as whom. */
export interface Seat {
  containerId: string;
  user: string;
  workdir: string;
}

/** The port can't be reached; what to say of it. */
export class NotReached extends Error {
  override readonly name = "NotReached";
  constructor(
    readonly code: PageCode,
    readonly detail = "",
    cause?: unknown,
  ) {
    super(`A session’s port can’t be reached: ${code}.`, { cause });
  }
}

const CONNECT_MS = 20_000;
/**
 * Being opened at once. As many as a session may have requests: whoever leaves gives that place back at once, but the engine goes
 * on with what it was asked, and a page can ask and leave as often as it likes.
 */
const MOST_DIALS = 64;
const LONGEST_LINE = 64;
/** Each connection is a command in the session, which may not have many processes. */
const MOST_CONNECTIONS = 10;
/** Less than what servers wait themselves: most close a connection after five seconds without a request. */
const IDLE_MS = 4_000;

/** Without a new connection for so long. */
const FORGOTTEN_MS = 60_000;

type Connect = (
  options: ClientRequestArgs,
  done?: (error: Error | null, stream: Duplex) => void,
) => null | undefined;

export class Target {
  private usedAt = performance.now();
  private dials = 0;
  readonly agent: Agent;

  constructor(
    private readonly engine: Engine,
    readonly seat: Seat,
    private readonly port: number,
  ) {
    this.agent = new KeptConnections(this.connect);
  }

  /** As Node's requests want it. */
  readonly connect: Connect = (_options, done) => {
    this.dial().then(
      (stream) => done?.(null, stream),
      // Its type wants a stream even then.
      (error: unknown) =>
        done?.(error instanceof Error ? error : new Error(String(error)), new PassThrough()),
    );
    return undefined;
  };

  /** Nothing goes on there, and nothing did for a while. */
  get isForgotten(): boolean {
    return performance.now() - this.usedAt > FORGOTTEN_MS && Object.keys(this.agent.sockets).length === 0;
  }

  /** Breaks off what goes on there, too. */
  close(): void {
    this.agent.destroy();
  }

  /** @throws NotReached */
  private async dial(): Promise<Duplex> {
    this.usedAt = performance.now();
    if (this.dials >= MOST_DIALS) throw new NotReached("too_many");
    this.dials += 1;
    try {
      return await this.open();
    } finally {
      this.dials -= 1;
    }
  }

  /** @throws NotReached */
  private async open(): Promise<Duplex> {
    const { containerId, user, workdir } = this.seat;
    const command = portCommand(this.port);
    let pipe: Duplex;
    try {
      pipe = await this.engine.openPipe(containerId, { command, user, workdir });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.code === "conflict" || error.code === "not_found")
        throw new NotReached("session_ended", "Its container doesn’t run.", error);
      throw new NotReached("no_worker", error.message, error);
    }
    const line = await firstLine(pipe);
    if (line === CONNECTED) return pipe;
    pipe.destroy();
    throw new NotReached(line === NOTHING_LISTENS ? "nothing_listens" : "no_tool");
  }
}

/** What comes behind it stays to be read; null when there is none in time. */
async function firstLine(pipe: Duplex): Promise<string | null> {
  const signal = AbortSignal.timeout(CONNECT_MS);
  let seen = Buffer.alloc(0);
  try {
    while (seen.length < LONGEST_LINE) {
      const piece: unknown = pipe.read();
      if (!Buffer.isBuffer(piece)) {
        if (pipe.readableEnded || pipe.destroyed) return null;
        await Promise.race([once(pipe, "readable", { signal }), once(pipe, "end", { signal })]);
        continue;
      }
      seen = Buffer.concat([seen, piece]);
      const end = seen.indexOf(0x0a);
      if (end < 0) continue;
      if (end + 1 < seen.length) pipe.unshift(seen.subarray(end + 1));
      return seen.subarray(0, end).toString("latin1").trim();
    }
    return null;
  } catch (error) {
    pipe.destroy();
    throw new NotReached("no_answer", "", error);
  }
}

/** Node's own keeping is for sockets; these are streams. */
class KeptConnections extends Agent {
  private readonly timers = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(private readonly open: Connect) {
    super({ keepAlive: true, maxSockets: MOST_CONNECTIONS, maxFreeSockets: 4 });
  }

  override createConnection(...args: Parameters<Connect>) {
    return this.open(...args);
  }

  /** @returns that it is to be kept */
  override keepSocketAlive(stream: Duplex): boolean {
    const timer = setTimeout(() => stream.destroy(), IDLE_MS);
    timer.unref();
    this.timers.set(stream, timer);
    return true;
  }

  override reuseSocket(stream: Duplex, request: ClientRequest): void {
    clearTimeout(this.timers.get(stream));
    request.reusedSocket = true;
  }
}
