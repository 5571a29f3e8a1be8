/** What goes on at this worker's previews: how much of it, and whether it still may. */
import { log } from "@/lib/log.server";
import type { PreviewPass } from "@/lib/previews/ticket.server";
import type { Gate } from "./gate";

/** Requests and open connections at once. */
const MOST = 512;
const MOST_OF_A_SESSION = 64;
/** One that couldn't be asked about for so long is ended. */
const UNCHECKED_MS = 90_000;

interface Exchange {
  pass: PreviewPass;
  containerId: string;
  checkedAt: number;
  end: () => void;
}

export class Exchanges {
  private readonly open = new Set<Exchange>();

  constructor(private readonly gate: Gate) {}

  /** @param end breaks it off @returns what takes it out again; null when there are too many */
  begin(pass: PreviewPass, containerId: string, end: () => void): (() => void) | null {
    const own = [...this.open].filter((each) => each.pass.session === pass.session).length;
    if (this.open.size >= MOST || own >= MOST_OF_A_SESSION) return null;
    const exchange = { pass, containerId, checkedAt: performance.now(), end };
    this.open.add(exchange);
    return () => this.open.delete(exchange);
  }

  /** Asks for each whether it may go on, and ends those that may not. @param session only its own; null for all */
  async check(session: string | null): Promise<void> {
    const those = [...this.open].filter((each) => session === null || each.pass.session === session);
    await Promise.all(those.map((each) => this.checkOne(each)));
  }

  endAll(): void {
    for (const exchange of this.open) exchange.end();
  }

  private async checkOne(exchange: Exchange): Promise<void> {
    try {
      const verdict = await this.gate.ask(exchange.pass);
      if ("seat" in verdict && verdict.seat.containerId === exchange.containerId)
        exchange.checkedAt = performance.now();
      else exchange.end();
    } catch (error) {
      log.warn(
        { err: error, sessionId: exchange.pass.session },
        "a preview could not be checked; the next look does",
      );
      if (performance.now() - exchange.checkedAt > UNCHECKED_MS) exchange.end();
    }
  }
}
