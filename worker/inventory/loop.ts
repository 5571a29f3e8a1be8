/**
 * Takes the inventories that are missing on this worker's host, one at a time and beside the builds: no snapshot
 * waits for one or fails with it. Looks when it is woken, and every minute: so what a lost worker left is taken, too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { claimInventory } from "@/lib/inventories/take.server";
import { log } from "@/lib/log.server";
import type { Engine } from "@/worker/containers/types";
import { ignoreAbort } from "@/worker/heartbeat";
import type { WorkerIdentity } from "@/worker/identity";
import { takeInventory } from "./take";

const LOOK_MS = 60_000;

export class InventoryLoop {
  private readonly stopping = new AbortController();
  private woken = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
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
    while (!signal.aborted) {
      // Before the look: who wakes during it is looked for again.
      this.woken = new AbortController();
      await this.takeAll().catch((error: unknown) =>
        log.warn({ err: error }, "a look for missing inventories failed; the next one tries again"),
      );
      await sleep(Math.min(LOOK_MS, env().KILN_SWEEP_SECONDS * 1000), undefined, {
        signal: AbortSignal.any([signal, this.woken.signal]),
      }).catch(ignoreAbort);
    }
  }

  private async takeAll(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const take = await claimInventory(this.worker);
      if (!take) return;
      await takeInventory(take, this.worker, this.engine, signal);
    }
  }
}
