/** A real worker process against a test's database: the one file that production starts, too. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { hastyWorkerCommand, workerCommand } from "@/scripts/setup/worker-bundle.mjs";
import { rememberLost } from "./lost-workers";
import { until } from "./until";

const root = path.join(import.meta.dirname, "../..");

/** Leases of three seconds, so that a lost worker is found while somebody waits. */
export const fastLeases = { KILN_LEASE_SECONDS: "3", KILN_BEAT_MS: "500" };

export interface ProcessLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

export interface WorkerOptions {
  lean?: boolean;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class WorkerProcess {
  /** What it said, one JSON object a line; anything else it printed is in `noise`. */
  readonly lines: ProcessLine[] = [];
  readonly noise: string[] = [];
  readonly exited: Promise<Exit>;
  private over: Exit | undefined;
  /** A test has told it to end. */
  private toldToEnd = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly lean: boolean,
  ) {
    this.exited = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.over = { code, signal };
        // One that ends at its start is its starter's failure, or what was expected of it.
        if (!this.toldToEnd && this.said("worker ready"))
          rememberLost(signal ?? `exit code ${code}`, this.transcript());
        resolve(this.over);
      });
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on("line", (line) => this.take(line));
  }

  /**
   * Resolves when it takes work.
   * @param env on top of this process's own
   * @param options lean: as sparing of memory as in production, at the cost of time. Where that isn't measured, nothing else differs.
   */
  static async start(
    databaseUrl: string,
    env: Record<string, string> = {},
    { lean = false }: WorkerOptions = {},
  ): Promise<WorkerProcess> {
    const { NODE_OPTIONS: _notForIt, ...inherited } = process.env;
    // Prisma sends the parts of one read over one connection at once, which the driver calls deprecated.
    const quiet = "--disable-warning=DeprecationWarning";
    const child = spawn(process.execPath, [quiet, ...(lean ? workerCommand : hastyWorkerCommand)], {
      cwd: root,
      env: {
        ...inherited,
        NODE_ENV: "production",
        DATABASE_URL: databaseUrl,
        KILN_LOG_LEVEL: "info",
        KILN_WORKER_CONCURRENCY: "4",
        // Tests count what is left on the engine.
        KILN_EDIT_MINUTES: "0",
        ...fastLeases,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const worker = new WorkerProcess(child, lean);
    try {
      await until("the worker to be ready", () => worker.said("worker ready") ?? worker.over);
      if (worker.over) throw new Error("The worker ended at its start.");
      return worker;
    } catch (error) {
      worker.signal("SIGKILL");
      throw new Error(`${String(error)}\n${worker.transcript()}`, { cause: error });
    }
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** As it is in the rows. */
  get name(): string {
    return String(this.said("worker ready")?.worker);
  }

  get running(): boolean {
    return this.over === undefined;
  }

  signal(name: NodeJS.Signals): void {
    if (name !== "SIGSTOP" && name !== "SIGCONT") this.toldToEnd = true;
    this.child.kill(name);
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<void> {
    if (this.running) this.signal("SIGKILL");
    await this.exited;
  }

  said(message: string): ProcessLine | undefined {
    return this.lines.find(({ msg }) => msg === message);
  }

  /** The most memory that it has had at any time, in MiB. */
  peakMemory(): number {
    if (!this.lean) throw new Error("This worker's memory isn't what production's is.");
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** What went wrong in it by its own account, for the message of a test that failed. */
  errors(): string {
    const errors = this.lines.filter(({ level }) => level >= 50);
    return errors.map((line) => JSON.stringify(line)).join("\n");
  }

  /** All that it said. */
  transcript(): string {
    return [...this.lines.map((line) => JSON.stringify(line)), ...this.noise].join("\n");
  }

  private take(line: string): void {
    try {
      this.lines.push(JSON.parse(line));
    } catch {
      this.noise.push(line);
    }
  }
}
