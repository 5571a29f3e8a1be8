/**
 * Shells that wait in containers to become a command. Making the engine enter a container takes it 50 to 80 ms, most of
 * what a small command takes; a shell that has entered already is told the command and becomes it. The command is words
 * in quotes and its variables are told with it, so neither is in anything that the engine tells of the shell.
 */
import type { Duplex, Readable } from "node:stream";
import { STANDBY } from "@/lib/commands/standby";
import { heardLater } from "@/lib/heard-later";
import { log } from "@/lib/log.server";
import type { ExecRequest, StandBy } from "../types";
import type { Client } from "./client";
import type { OpenStream } from "./deadline";
import { startExec } from "./exec-process";

/** Its name says what it is, to whoever lists the container's processes. */
const WAITING = ["/bin/sh", "-s", STANDBY];
/** In all containers together. */
const MOST = 200;
/** One that hears at all answers within a few milliseconds; entering anew takes about as long as this. */
const ANSWER_MS = 250;
/** bash takes these from nobody, and ends. */
const READ_ONLY = /^(?:BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$/;

export interface StartedExec {
  id: string;
  opened: OpenStream;
  stdin: Duplex | null;
}

interface Waiting {
  what: StandBy;
  calm: NodeJS.Timeout;
  over: NodeJS.Timeout | undefined;
  /** Null when it couldn't be had. Undefined until it is made. */
  shell: Promise<StartedExec | null> | undefined;
}

export class StandbyShells {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly client: Client) {}

  /** At most one a container; one that is there stays. Fails silently: it only saves time. */
  prepare(container: string, what: StandBy): void {
    if (this.waiting.has(container) || this.waiting.size >= MOST) return;
    const calm = setTimeout(() => {
      one.shell = heardLater(this.start(container, one));
    }, what.inMs ?? 0).unref();
    const over =
      what.forMs === undefined ? undefined : setTimeout(() => this.drop(container, one), what.forMs).unref();
    const one: Waiting = { what, calm, over, shell: undefined };
    this.waiting.set(container, one);
  }

  /** The one that waits there, as this command. @returns null when none does that it could be. */
  async take(container: string, request: ExecRequest): Promise<StartedExec | null> {
    const one = this.waiting.get(container);
    if (!one) return null;
    const { user, workdir } = one.what;
    const fits = request.user === user && request.workdir === workdir && !request.input;
    if (!fits || Object.keys(request.env ?? {}).some((name) => READ_ONLY.test(name))) return null;
    this.forget(container, one);
    const shell = await one.shell;
    if (!shell?.stdin || shell.stdin.destroyed) return null;
    if (!(await answers(shell.stdin, shell.opened.stream))) {
      shell.opened.close();
      return null;
    }
    shell.stdin.write(scriptOf(request));
    return shell;
  }

  /** Ends all of them. */
  close(): void {
    for (const [container, one] of this.waiting) this.drop(container, one);
  }

  private async start(container: string, one: Waiting): Promise<StartedExec | null> {
    try {
      const shell = await startExec(this.client, container, { command: WAITING, ...one.what }, true);
      // It has nothing to say: there is no shell, or it has ended, or its container has.
      shell.opened.stream.once("readable", () => this.drop(container, one));
      shell.opened.stream.once("close", () => this.forget(container, one));
      shell.opened.stream.once("error", (error) => {
        log.debug({ err: error, container }, "a shell that waited was cut off");
        this.drop(container, one);
      });
      return shell;
    } catch (error) {
      log.debug({ err: error, container }, "no shell waits in a container");
      this.forget(container, one);
      return null;
    }
  }

  private drop(container: string, one: Waiting): void {
    this.forget(container, one);
    void one.shell?.then((shell) => shell?.opened.close());
  }

  private forget(container: string, one: Waiting): void {
    clearTimeout(one.calm);
    clearTimeout(one.over);
    if (this.waiting.get(container) === one) this.waiting.delete(container);
  }
}

const ENDS = ["end", "close", "error"] as const;
/** An empty line on the standard output, as the engine frames it. */
const ECHO = Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 0x0a]);

/**
 * Does it hear, and is it heard? One in a paused container isn't, nor is one whose connection was cut a moment ago. What
 * it was asked does no harm whenever it reads it; a command would: told to somebody else meanwhile, it would run twice.
 */
function answers(stdin: Duplex, stdout: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (heard: boolean) => {
      clearTimeout(timer);
      stdout.off("readable", listen);
      for (const end of ENDS) stdout.off(end, fail);
      resolve(heard);
    };
    const fail = () => settle(false);
    const listen = () => {
      const said: unknown = stdout.read(ECHO.length);
      if (said !== null) settle(Buffer.isBuffer(said) && said.equals(ECHO));
    };
    const timer = setTimeout(fail, ANSWER_MS);
    stdout.removeAllListeners("readable");
    stdout.on("readable", listen);
    for (const end of ENDS) stdout.once(end, fail);
    stdin.write("echo\n");
  });
}

/** Says its number as the leader does, and becomes the command, which has no input. */
function scriptOf({ command, env = {} }: ExecRequest): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}; export ${name}; `);
  return `${variables.join("")}echo "$$"; exec ${command.map(quoted).join(" ")} </dev/null\n`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
