/** For tests: faults at random, one after the other, until they are told to stop. Two workers are there at most times. */
import { setTimeout as pause } from "node:timers/promises";
import type { SecondEngine } from "@/worker/containers/docker/testing/second-engine";
import { type DatabaseFaults, databaseFaults } from "./database-faults";
import type { TestKiln } from "./installation";
import type { Chance } from "./random";
import { fastLeases, type WorkerProcess } from "./worker-process";

export type Fault = "SIGKILL" | "SIGTERM" | "freeze" | "cut" | "engine";

export interface Storm {
  /** Every fault so far, in order. */
  readonly log: readonly Fault[];
  /** Ends it after the fault that is at work. @throws what went wrong in it. */
  stop(): Promise<void>;
}

/** What it rages over. */
export interface Ship {
  kiln: TestKiln;
  /** For the fault of that name. */
  engine?: SecondEngine | undefined;
  /** Of the workers that take the place of those that are gone. */
  env: Record<string, string>;
}

/** Longer than a lease: what the frozen worker held has changed hands when it goes on. */
const FROZEN_MS = Number(fastLeases.KILN_LEASE_SECONDS) * 1000 + 1_000;

/** @param faults as often as they are to be: each one is drawn from these */
export async function startStorm(
  { kiln, engine, env }: Ship,
  chance: Chance,
  faults: readonly [Fault, ...Fault[]],
): Promise<Storm> {
  const database = await databaseFaults(kiln.database.url);
  const log: Fault[] = [];
  const over = new AbortController();
  const raging = rage().finally(() => database.close());
  // Whoever stops it hears of it.
  raging.catch(() => over.abort());
  return {
    log,
    stop: async () => {
      over.abort();
      await raging;
    },
  };

  async function rage(): Promise<void> {
    while (!over.signal.aborted) {
      await pause(chance.between(1_000, 3_000), undefined, { signal: over.signal }).catch(
        (error: unknown) => {
          if (!over.signal.aborted) throw error;
        },
      );
      if (over.signal.aborted) return;
      const living = kiln.workers.filter(({ running }) => running);
      const victim = living[Math.floor(chance.next() * living.length)];
      const fault = chance.pick(faults);
      log.push(fault);
      await strike(fault, victim, database);
    }
  }

  async function strike(fault: Fault, victim: WorkerProcess | undefined, to: DatabaseFaults): Promise<void> {
    if (fault === "cut") await to.cut();
    else if (fault === "engine") {
      await engine?.end("SIGKILL");
      await engine?.start();
    } else if (fault === "freeze") {
      victim?.signal("SIGSTOP");
      await pause(FROZEN_MS);
      victim?.signal("SIGCONT");
    } else {
      victim?.signal(fault);
      // At once, while the other one leaves.
      await kiln.startWorker(env);
      await victim?.exited;
    }
  }
}
