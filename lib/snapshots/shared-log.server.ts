/**
 * One reader of a log for all who follow it in this process: a notification costs one read of the snapshot's status
 * and one of the new chunks, however many are woken by it. The last chunks of all logs are kept, within a bound.
 */
import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { isTerminal } from "./state";
import { getSnapshot } from "./store.server";
import { type LogFrame, readFrames } from "./stored-log.server";
import { TELL_MS, tellWatched } from "./watched.server";
import { type LogTail, logTailSchema, type SnapshotWire } from "./wire";

/** Of the logs' text; as objects it is some four times as much. */
const KEPT_BYTES = 16 * 1024 * 1024;

export interface LogStatus {
  snapshot: SnapshotWire;
  /** The number of the last chunk that there was. */
  lastSeq: number;
  /** Lines that aren't complete. */
  tail: LogTail[];
}

export class SharedLog {
  private followers = 0;
  /** When its writer was told last that it has some. */
  private toldAt = 0;
  private nextStatus: Promise<LogStatus> | undefined;
  private statusBefore: Promise<unknown> = Promise.resolve();
  private readonly reading = new Map<number, Promise<LogFrame[]>>();

  constructor(
    private readonly snapshotId: string,
    private readonly kept: KeptFrames,
    private readonly onLeft: () => void,
  ) {}

  join(): void {
    this.followers += 1;
  }

  leave(): void {
    this.followers -= 1;
    if (this.followers === 0) this.onLeft();
  }

  /** As it is now or later, never as it was before the call: a read that has begun is too old for whoever asks after. */
  status(): Promise<LogStatus> {
    this.nextStatus ??= this.readStatus(this.statusBefore);
    return this.nextStatus;
  }

  private async readStatus(before: Promise<unknown>): Promise<LogStatus> {
    await before;
    // All who were woken by the same notification ask in this turn.
    await new Promise((resolve) => setImmediate(resolve));
    const read = this.readNow();
    this.nextStatus = undefined;
    // Only that it is over counts; whoever asked hears how.
    this.statusBefore = Promise.allSettled([read]);
    return read;
  }

  private async readNow(): Promise<LogStatus> {
    const status = await readStatus(this.snapshotId);
    if (status.snapshot.status === "running" && Date.now() - this.toldAt >= TELL_MS) {
      this.toldAt = Date.now();
      await tellWatched(this.snapshotId);
    }
    return status;
  }

  /** Some chunks after a cursor, oldest first; none when there are no more. */
  async frames(afterSeq: number): Promise<LogFrame[]> {
    const kept = this.kept.after(this.snapshotId, afterSeq);
    if (kept.length > 0) return kept;
    const reading =
      this.reading.get(afterSeq) ??
      readFrames(this.snapshotId, afterSeq).finally(() => this.reading.delete(afterSeq));
    this.reading.set(afterSeq, reading);
    const frames = await reading;
    this.kept.keep(this.snapshotId, afterSeq, frames);
    return frames;
  }
}

async function readStatus(snapshotId: string): Promise<LogStatus> {
  const snapshot = await getSnapshot(snapshotId);
  // After the status: what was there when it ended is counted.
  const row = await db().snapshot.findUnique({
    where: { id: snapshotId },
    select: { logSeq: true, logTail: true },
  });
  // Of a build whose worker was lost it may be there still.
  const tail = isTerminal(snapshot.status) ? [] : z.array(logTailSchema).parse(row?.logTail ?? []);
  return { snapshot, lastSeq: row?.logSeq ?? 0, tail };
}

/** The chunks that were read last, of all logs. */
class KeptFrames {
  /** By the log and the number before it; oldest first. */
  private readonly frames = new Map<string, { frame: LogFrame; bytes: number }>();
  private bytes = 0;

  after(snapshotId: string, afterSeq: number): LogFrame[] {
    const found: LogFrame[] = [];
    for (let seq = afterSeq; ; ) {
      const next = this.frames.get(`${snapshotId}:${seq}`)?.frame;
      if (!next) return found;
      found.push(next);
      seq = next.seq;
    }
  }

  keep(snapshotId: string, afterSeq: number, frames: readonly LogFrame[]): void {
    let before = afterSeq;
    for (const frame of frames) {
      const key = `${snapshotId}:${before}`;
      before = frame.seq;
      if (this.frames.has(key)) continue;
      const bytes = frame.lines.reduce((sum, { text }) => sum + text.length + 64, 0);
      this.frames.set(key, { frame, bytes });
      this.bytes += bytes;
    }
    for (const [key, { bytes }] of this.frames) {
      if (this.bytes <= KEPT_BYTES) return;
      this.frames.delete(key);
      this.bytes -= bytes;
    }
  }
}

interface Shared {
  logs: Map<string, SharedLog>;
  kept: KeptFrames;
}
// Next bundles this module into several chunks of one process: they share one register.
const register = globalThis as typeof globalThis & { kilnSharedLogs?: Shared };

/** The log for one more follower, who has to `leave` it. */
export function joinLog(snapshotId: string): SharedLog {
  register.kilnSharedLogs ??= { logs: new Map(), kept: new KeptFrames() };
  const { logs, kept } = register.kilnSharedLogs;
  const log = logs.get(snapshotId) ?? new SharedLog(snapshotId, kept, () => logs.delete(snapshotId));
  logs.set(snapshotId, log);
  log.join();
  return log;
}
