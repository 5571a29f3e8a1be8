/** Looks now and then whether what serving snapshots were built from has moved on. Which of many workers looks, the database decides. */
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { claimCheck } from "@/lib/upstream/check.server";
import type { Engine } from "@/worker/containers/types";
import { ignoreAbort } from "@/worker/heartbeat";
import type { WorkerIdentity } from "@/worker/identity";
import { checkUpstream } from "./check";

const LOOK_MS = 15_000;
/** So that a thousand of them leave the machine some rest. */
const AT_ONCE = 20;

/** Runs until `signal` aborts. A look that fails is said, and is made again when it is due. */
export async function watchUpstream(
  worker: WorkerIdentity,
  engine: Engine,
  signal: AbortSignal,
): Promise<void> {
  const pauseMs = Math.min(LOOK_MS, env().KILN_UPSTREAM_MINUTES * 60_000);
  while (!signal.aborted) {
    try {
      for (let looked = 0; looked < AT_ONCE && !signal.aborted; looked += 1) {
        const check = await claimCheck(worker);
        if (!check) break;
        await checkUpstream(check, worker, engine, signal);
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn({ err: error }, "a look upstream failed; it is made again when it is due");
    }
    await sleep(pauseMs, undefined, { signal }).catch(ignoreAbort);
  }
}
