/** The shells of this worker: made when somebody first comes for one, and ended when nobody is there for long, or may be. */
import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { heardLater } from "@/lib/heard-later";
import { log } from "@/lib/log.server";
import { whyEnded, whyNotStay } from "@/lib/terminals/may-stay.server";
import {
  endedTerminals,
  endTerminal,
  mayStart,
  noteShell,
  tidyTerminals,
} from "@/lib/terminals/store.server";
import type { TicketClaim } from "@/lib/terminals/ticket.server";
import type { Size, Whose } from "@/lib/terminals/wire";
import { type Engine, EngineError } from "@/worker/containers/types";
import type { Shell, ShellEnd } from "./shell";
import { startShell } from "./start-shell";
import type { Viewer } from "./viewer";

/** In this worker, of all sessions. */
const MOST_SHELLS = 200;
/** A viewer that couldn't be asked about for so long has to come back with another ticket. */
const UNCHECKED_MS = 90_000;

const CLOSED: ShellEnd = { code: "closed", message: "The shell was closed.", exitCode: null };

export class Shells {
  private readonly shells = new Map<string, Promise<Shell>>();
  private closing = false;

  constructor(
    private readonly workerId: string,
    private readonly engine: Engine,
  ) {}

  /** The terminal's shell, which is started when there is none yet. @throws EngineError with a sentence for people. */
  async get({ terminal, whose }: TicketClaim, size: Size): Promise<Shell> {
    const there = this.shells.get(terminal);
    if (there) return there;
    if (this.closing || this.shells.size >= MOST_SHELLS)
      throw new EngineError("failed", "Its worker takes no more terminals. Try again in a moment.");
    const started = heardLater(this.start(terminal, whose, size));
    this.shells.set(terminal, started);
    // It ends by itself; when it couldn't be started, that was its end.
    void started
      .then((shell) => shell.over)
      .catch((error: unknown) => log.info({ err: error, terminal }, "a shell could not be started"))
      .then(() => insist(() => endTerminal(terminal)))
      .catch((error: unknown) =>
        log.warn({ err: error, terminal }, "a terminal's end could not be written down"),
      )
      .finally(() => this.shells.delete(terminal));
    return started;
  }

  /** Looks at all of them: may they stay, may those who look, has nobody looked for long? */
  async check(): Promise<void> {
    const all = await this.started();
    await Promise.all(all.map((shell) => this.checkOne(shell)));
    await this.endClosed([...this.shells.keys()]);
    await tidyTerminals(this.workerId, [...this.shells.keys()]);
  }

  /** Looks at those in one place, which has changed. */
  async checkPlace(id: string): Promise<void> {
    const own = (await this.started()).filter((shell) => shell.whose.id === id);
    await Promise.all(own.map((shell) => this.checkOne(shell)));
  }

  /** Ends those of these whose row was ended by somebody. One that is still being started ends then. */
  async endClosed(terminals: readonly string[]): Promise<void> {
    const held = terminals.filter((terminal) => this.shells.has(terminal));
    if (held.length === 0) return;
    const closed = await endedTerminals(held);
    const shells = await Promise.allSettled(closed.map((terminal) => this.shells.get(terminal)));
    await Promise.all(
      shells.map((each) => each.status === "fulfilled" && each.value && end(each.value, CLOSED)),
    );
  }

  /** Starts none any more, and ends all. */
  async endAll(why: ShellEnd): Promise<void> {
    this.closing = true;
    await Promise.all((await this.started()).map((shell) => end(shell, why)));
  }

  private async start(terminal: string, whose: Whose, size: Size): Promise<Shell> {
    if (!(await mayStart(terminal, this.workerId)))
      throw new EngineError("not_found", "This shell has ended. Start a new one.");
    const shell = await startShell(this.engine, whose, size);
    await noteShell(terminal).catch((error: unknown) =>
      log.warn({ err: error, terminal }, "a shell's start could not be written down"),
    );
    return shell;
  }

  private async started(): Promise<Shell[]> {
    const settled = await Promise.allSettled(this.shells.values());
    return settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  }

  private async checkOne(shell: Shell): Promise<void> {
    try {
      const gone = await whyEnded(shell.whose, shell.containerId);
      if (gone) return await end(shell, { ...gone, exitCode: null });
      await Promise.all(shell.watching.map((viewer) => checkViewer(shell, viewer)));
    } catch (error) {
      log.warn({ err: error, whose: shell.whose }, "a terminal could not be checked; the next look does");
      for (const viewer of shell.watching)
        if (performance.now() - viewer.checkedAt > UNCHECKED_MS) viewer.close(1013);
    }
    const minutes = env().KILN_TERMINAL_MINUTES;
    if (shell.unseenSince !== null && performance.now() - shell.unseenSince > minutes * 60_000)
      await end(shell, {
        code: "abandoned",
        message: `Nobody looked at the shell for ${minutes} min, so it was ended.`,
        exitCode: null,
      });
  }
}

async function checkViewer(shell: Shell, viewer: Viewer): Promise<void> {
  const refused = await whyNotStay(shell.whose, shell.containerId, viewer.credential);
  if (refused) viewer.end({ ...refused, exitCode: null });
  else viewer.checkedAt = performance.now();
}

async function end(shell: Shell, why: ShellEnd): Promise<void> {
  await shell
    .end(why)
    .catch((error: unknown) =>
      log.warn({ err: error, whose: shell.whose }, "a shell could not be ended; its container's end does"),
    );
}
