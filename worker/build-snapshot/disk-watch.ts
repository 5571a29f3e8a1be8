/**
 * Watches what a build's container writes, because an engine on overlayfs has no quota: it is asked again and again
 * for the bytes of the container's own layer, and for the room that is left on its disk.
 */

import { setTimeout as delay } from "node:timers/promises";
import { heardLater } from "@/lib/heard-later";
import { log } from "@/lib/log.server";
import { type Engine, EngineError } from "@/worker/containers/types";

const MIB = 1024 * 1024;
const SHORTEST_MS = 1000;
const LONGEST_MS = 15_000;
/** Looking takes longer the more files there are: at most a quarter of the time is spent on it. */
const REST = 3;
/** With more room than this, somebody else's disk was full: `/dev/shm`, or another machine's. */
const ROOMY = 1024 * MIB;

export interface DiskRules {
  limitMb: number;
  /** Of the base image: what earlier steps of the build have added to it counts. */
  baseBytes: number;
  /** Below this much free space on the engine's disk every build ends. */
  minimumFreeMb: number;
}

export type DiskOverrun =
  | { kind: "limit"; usedBytes: number; limitMb: number }
  /** Stopped while there was still a little room. */
  | { kind: "low"; freeBytes: number; minimumFreeMb: number }
  /** It ended by itself for want of room; null where that can't be measured. */
  | { kind: "full"; freeBytes: number | null };

export class DiskWatch {
  exceeded: DiskOverrun | null = null;
  private readonly over = new AbortController();
  private complained = false;
  private looking: Promise<void> | undefined;

  /** @param onExceeded is told once, at the first overrun. */
  constructor(
    private readonly engine: Engine,
    private readonly container: string,
    private readonly rules: DiskRules,
    private readonly onExceeded: () => void,
  ) {}

  /** Begins to look: not before the container runs, because one that doesn't can't be killed and would start afterwards. */
  start(): void {
    // Whoever asks for the verdict gets its fault; when nobody does, the build has ended otherwise.
    this.looking ??= heardLater(this.watch());
  }

  /**
   * When the container has ended. One that was fast and did well may have passed between two looks: its size is known
   * once it is captured (`overrunOf`), and walking through its files now would take as long again.
   * @param end how it ended, and what it said last
   */
  async verdict(end: { exitCode: number; said: string }): Promise<DiskOverrun | null> {
    this.stop();
    if (end.exitCode === 0) return this.exceeded;
    await this.looking;
    if (this.exceeded) return this.exceeded;
    await this.look();
    if (!this.exceeded && saysFull(end.said)) await this.believe();
    return this.exceeded;
  }

  /** Begins no further look. Safe to call twice. */
  stop(): void {
    this.over.abort();
  }

  private async watch(): Promise<void> {
    const { signal } = this.over;
    for (let pause = SHORTEST_MS; ; ) {
      await delay(pause, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (signal.aborted) return;
      const began = performance.now();
      await this.look();
      if (this.exceeded) return this.onExceeded();
      pause = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (performance.now() - began) * REST));
    }
  }

  /** An engine that doesn't answer is noticed by whoever waits for the container's end. */
  private async look(): Promise<void> {
    try {
      this.exceeded ??= (await this.fullness()) ?? (await this.overrun());
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.code !== "not_found" && !this.complained)
        log.warn({ err: error, container: this.container }, "a build's disk could not be looked at");
      this.complained = true;
    }
  }

  private async overrun(): Promise<DiskOverrun | null> {
    const { totalBytes } = await this.engine.containerDisk(this.container);
    return overrunOf(totalBytes, this.rules);
  }

  private async fullness(): Promise<DiskOverrun | null> {
    const { minimumFreeMb } = this.rules;
    const { freeBytes } = await this.engine.disk();
    if (freeBytes === null || freeBytes >= minimumFreeMb * MIB) return null;
    return { kind: "low", freeBytes, minimumFreeMb };
  }

  /** It ended because a disk was full, it says. Was it the engine's? One that can't be seen is believed. */
  private async believe(): Promise<void> {
    const { freeBytes } = await this.engine.disk();
    if (freeBytes === null || freeBytes < ROOMY) this.exceeded = { kind: "full", freeBytes };
  }
}

/** @param totalBytes of a container's whole file system, or of the image that was made of it */
export function overrunOf(totalBytes: number, { limitMb, baseBytes }: DiskRules): DiskOverrun | null {
  const usedBytes = totalBytes - baseBytes;
  return usedBytes > limitMb * MIB ? { kind: "limit", usedBytes, limitMb } : null;
}

const FULL = /no space left on device|\bENOSPC\b/i;
/** As much as a program says about its own end. */
const LAST_WORDS = 2048;

/** Does a sentence of an engine, or the end of an output, tell of a full disk? */
export const saysFull = (text: string) => FULL.test(text.slice(-LAST_WORDS));

/** A whole sentence about it. */
export function overrunSentence(what: string, overrun: DiskOverrun): string {
  if (overrun.kind === "limit")
    return `${what} used ${mib(overrun.usedBytes)} of disk, more than the limit of ${overrun.limitMb} MB, and was stopped.`;
  if (overrun.kind === "full")
    return `${what} found no room on the engine's disk${overrun.freeBytes === null ? "" : `, which has ${mib(overrun.freeBytes)} free`}.`;
  return `The engine's disk is nearly full: ${mib(overrun.freeBytes)} are free, and builds are stopped below ${overrun.minimumFreeMb} MB.`;
}

/** In the unit of the limits. */
const mib = (bytes: number) => `${(bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0)} MB`;
