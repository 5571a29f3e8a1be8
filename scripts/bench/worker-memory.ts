/** How much memory a worker process of this machine has while something goes on, in MiB. */
import { readFileSync } from "node:fs";

const EVERY_MS = 50;

export class WorkerMemory {
  private timer: NodeJS.Timeout | undefined;
  private before = 0;
  private most = 0;

  private constructor(private readonly pid: number) {}

  /** @param name ends in the number of its process. @returns null when that isn't here. */
  static of(name: string | null): WorkerMemory | null {
    const pid = Number(name?.split("-").at(-1));
    return Number.isInteger(pid) && residentOf(pid) !== null ? new WorkerMemory(pid) : null;
  }

  start(): void {
    this.before = residentOf(this.pid) ?? 0;
    this.most = this.before;
    this.timer = setInterval(() => {
      this.most = Math.max(this.most, residentOf(this.pid) ?? 0);
    }, EVERY_MS);
  }

  stop(): { before: number; most: number } {
    clearInterval(this.timer);
    return { before: this.before, most: this.most };
  }
}

/** Null for a process that isn't there, or a machine that doesn't tell. */
function residentOf(pid: number): number | null {
  try {
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return resident === undefined ? null : Number(resident) / 1024;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
