/** Sandboxes that wait, without an engine: a worker's moves, made by hand. */
import { addWarm, readyWarm } from "@/lib/pool/refill.server";
import { nextNumber } from "./numbers";
import type { TestWorker } from "./workers";

export interface Warm {
  id: string;
  containerId: string;
}

/** Starts what the pools of the worker's host lack. @returns those that it started. */
export async function fillPools(worker: TestWorker): Promise<Warm[]> {
  const made: Warm[] = [];
  for (let one = await addWarm(worker); one; one = await addWarm(worker)) {
    const containerId = `container-${nextNumber()}`;
    await readyWarm(one, worker.id, containerId);
    made.push({ id: one.id, containerId });
  }
  return made;
}
