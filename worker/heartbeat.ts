/** The worker's pulse: renews its row and its leases, enforces cancellations, and settles what others lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { announceGone } from "@/lib/hosts/gone.server";
import { beat } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import { renewLeases } from "@/lib/snapshots/claim.server";
import { recoverLostSnapshots } from "@/lib/snapshots/recover.server";
import { takeOverBuilds } from "@/lib/snapshots/take-over.server";
import type { RunningBuilds } from "./build-snapshot/running-builds";
import type { WorkerIdentity } from "./identity";

/**
 * After the database was away, all leases may have run out. Everybody gets two beats to renew their own before
 * anybody takes what is left.
 */
export const BEATS_BEFORE_RECOVERY = 2;

export interface Beating {
  worker: WorkerIdentity;
  running: RunningBuilds;
  signal: AbortSignal;
  /** Is given each build of this host that nobody works on any more. */
  onTaken: (claimed: ClaimedSnapshot) => void;
  /** Is told when builds of other hosts were settled. */
  onRecovered: () => void;
}

/** Runs until `signal` aborts. A beat that fails is said and tried again. */
export async function keepBeating({ worker, running, signal, onTaken, onRecovered }: Beating): Promise<void> {
  let healthyBeats = 0;
  let lastBeat = performance.now();
  while (!signal.aborted) {
    try {
      // Whoever was frozen, or waited long for the database, can't tell who else was.
      if (performance.now() - lastBeat > env().KILN_LEASE_SECONDS * 500) healthyBeats = 0;
      lastBeat = performance.now();
      await beat(worker.id);
      await enforce(worker, running);
      healthyBeats += 1;
      const settled = healthyBeats > BEATS_BEFORE_RECOVERY;
      if (!running.isClosed)
        for (const claimed of await takeOverBuilds(worker, settled ? "all" : "released")) onTaken(claimed);
      if (settled && (await recoverLostSnapshots(worker.hostId)) > 0) onRecovered();
      if (settled) await announceGone();
    } catch (error) {
      healthyBeats = 0;
      log.warn({ err: error }, "a heartbeat failed");
    }
    await sleep(env().KILN_BEAT_MS, undefined, { signal }).catch(ignoreAbort);
  }
}

/** Renews the leases; stops what was cancelled and what is no longer ours. */
export async function enforce(worker: WorkerIdentity, running: RunningBuilds): Promise<void> {
  const asked = running.ids();
  if (asked.size === 0) return;
  const held = await renewLeases(worker.id, [...asked]);
  for (const { id, cancelRequestedBy } of held)
    if (cancelRequestedBy) running.stop(id, { kind: "cancelled", by: cancelRequestedBy });
  running.dropLost(held, asked);
}

export function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}
