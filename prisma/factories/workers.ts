/** Workers as they register themselves: a host with its queues, and a row that takes claims. */
import { randomUUID } from "node:crypto";
import { registerWorker } from "@/lib/hosts/store.server";
import { WorkerQueues } from "@/lib/jobs/worker-queues.server";
import { nextNumber } from "./numbers";

export interface TestWorker {
  id: string;
  hostId: string;
  name: string;
}

/** A worker on an engine of its own, or on `engineId`. */
export async function makeWorker(engineId: string = randomUUID()): Promise<TestWorker> {
  const name = `worker-${nextNumber()}`;
  const engine = { id: engineId, name: `host-${engineId.slice(0, 4)}`, version: "test" };
  const { hostId, workerId } = await registerWorker(engine, name);
  return { id: workerId, hostId, name };
}

/** The same with the queues of its host, which sessions and their commands need. */
export async function makeSessionWorker(): Promise<TestWorker> {
  const worker = await makeWorker();
  const queues = await WorkerQueues.open(worker.hostId);
  await queues.close();
  return worker;
}
