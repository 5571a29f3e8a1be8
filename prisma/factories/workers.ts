/** Workers as they register themselves: a host with its queues, and a row that takes claims. */
import { randomUUID } from "node:crypto";
import type { EngineIdentity } from "@/lib/hosts/identity";
import { registerWorker } from "@/lib/hosts/store.server";
import { WorkerQueues } from "@/lib/jobs/worker-queues.server";
import { nextNumber } from "./numbers";

export interface TestWorker {
  id: string;
  hostId: string;
  name: string;
}

/** A worker on an engine of its own, on a made-up one of this id, or on a real one. */
export async function makeWorker(on: string | EngineIdentity = randomUUID()): Promise<TestWorker> {
  const name = `worker-${nextNumber()}`;
  const engine = typeof on === "string" ? madeUp(on) : on;
  const registered = await registerWorker(engine, name);
  if ("taken" in registered) throw new Error(registered.taken);
  return { id: registered.workerId, hostId: registered.hostId, name };
}

const madeUp = (id: string): EngineIdentity => ({
  id,
  name: `host-${id.slice(0, 4)}`,
  version: "test",
  dataRoot: "",
});

/** The same with the queues of its host, which sessions and their commands need. */
export async function makeSessionWorker(): Promise<TestWorker> {
  const worker = await makeWorker();
  const queues = await WorkerQueues.open(worker.hostId);
  await queues.close();
  return worker;
}
