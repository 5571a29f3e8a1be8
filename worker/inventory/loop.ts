/**
 * Takes the inventories that are missing on this worker's host, one at a time and when no build wants the machine: no
 * snapshot waits for one or fails with it. Looks when it is woken, and every minute: so what a lost worker left is
 * taken, too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { claimInventory, shareInventories } from "@/lib/inventories/take.server";
import { log } from "@/lib/log.server";
import type { Engine } from "@/worker/containers/types";
import { ignoreAbort } from "@/worker/heartbeat";
import type { WorkerIdentity } from "@/worker/identity";
import { takeInventory } from "./take";

const LOOK_MS = 60_000;
/** One build often follows another. */
const CALM_MS = 3_000;
/** A worker that always builds takes one all the same. */
const MOST_HELD_MS = 120_000;

export class InventoryLoop {
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
    private readonly isBusy: () => boolean,
  ) {
    this.running = this.run();
  }

  /** A snapshot may have become ready. */
  wake(): void {
    this.woken.abort();
  }

  /** Resolves when nothing of it is left: the one at work is handed back, and its container removed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let wanted = performance.now(); !signal.aborted; ) {
      // Before the look: who wakes during it is looked for again.
      this.woken = new AbortController();
      const isHeld = performance.now() - wanted < MOST_HELD_MS;
      const isCalm = await this.pause(CALM_MS);
      if (isHeld && (!isCalm || this.isBusy())) {
        if (isCalm) await this.pause(LOOK_MS);
        continue;
      }
      await this.takeAll().catch((error: unknown) =>
        log.warn({ err: error }, "a look for missing inventories failed; the next one tries again"),
      );
      await this.pause(Math.min(LOOK_MS, env().KILN_SWEEP_SECONDS * 1000));
      wanted = performance.now();
    }
  }

  /** @returns false when it was woken. */
  private async pause(ms: number): Promise<boolean> {
    const signal = AbortSignal.any([this.stopping.signal, this.woken.signal]);
    return sleep(ms, true, { signal }).catch((error: unknown) => {
      ignoreAbort(error);
      return false;
    });
  }

  private async takeAll(): Promise<void> {
    const { signal } = this.stopping;
    await shareInventories(this.worker.hostId);
    while (!signal.aborted) {
      const take = await claimInventory(this.worker);
      if (!take) return;
      await takeInventory(take, this.worker, this.engine, signal);
      // Its end wakes this again.
      if (this.isBusy()) return;
    }
  }
}
