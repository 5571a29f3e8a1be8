/** How long a build stands still when its worker is killed, and how long one lives on when it is cancelled. */
import { setTimeout as pause } from "node:timers/promises";
import { env } from "@/lib/env.server";
import { WorkerProcess } from "@/worker/testing/worker-process";
import { docker } from "./docker";
import { follow } from "./follow";
import { refresh } from "./kiln";
import type { World } from "./world";

const KILLS = 3;
const KILL_BAR_MS = 20_000;
const CANCELS = 10;
const CANCEL_BAR_MS = 5000;
const CANCEL_MEDIAN_BAR_MS = 2000;
/** As many of the benchmark's own workers at a time: one is killed, the other ones go on. */
const WORKERS = 2;
const TRIES = 12;

/** Each line says when it was written, by the clock that this process has, too. */
const script = `for i in $(seq 1 1200); do echo "stamp=$(date +%s%3N)"; sleep 0.1; done\n`;

export async function faults(world: World): Promise<void> {
  const { slug, snapshotId } = await world.publish("faults", { setupScript: script });
  await firstStamp(world, snapshotId, 0);
  await cancel(world, snapshotId);
  const cancelled: number[] = [];
  for (let round = 0; round < CANCELS; round += 1) {
    const id = await refresh(world.bench, slug);
    await firstStamp(world, id, 0);
    cancelled.push(await cancel(world, id));
  }
  world.report.limit("Cancel to container gone", cancelled, CANCEL_BAR_MS, "largest");
  world.report.limit("Cancel to container gone", cancelled, CANCEL_MEDIAN_BAR_MS);
  await kills(world, slug);
}

/** @returns when the first line that was written after `since` is seen on the stream; both by this clock. */
async function firstStamp({ bench }: World, snapshotId: string, since: number): Promise<number> {
  let ending = "";
  for await (const frame of follow(bench.token, snapshotId)) {
    if (frame.type === "status") ending = frame.snapshot.failure?.message ?? frame.snapshot.status;
    else
      for (const { text, stream } of frame.lines)
        if (stream !== "system" && Number(/^stamp=(\d+)/.exec(text)?.[1] ?? 0) > since) return Date.now();
  }
  throw new Error(`snapshot ${snapshotId} said nothing more: ${ending}`);
}

async function cancel({ bench }: World, snapshotId: string): Promise<number> {
  const start = performance.now();
  await bench.call("POST", `/snapshots/${snapshotId}/cancel`);
  const filter = `label=dev.kiln.owner=${snapshotId}`;
  while ((await docker("ps", "--all", "--quiet", "--filter", filter)) !== "") await pause(20);
  const took = performance.now() - start;
  // Until the row says so, too, it would be joined by the next request.
  for await (const _frame of follow(bench.token, snapshotId));
  return took;
}

async function kills(world: World, slug: string): Promise<void> {
  const { report } = world;
  const workers: WorkerProcess[] = [];
  // In order: they may have taken somebody else's build, and hand it back.
  world.later("workers of the benchmark", () => Promise.all(workers.map(leave)));
  const times: number[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    while (workers.filter(({ running }) => running).length < WORKERS) workers.push(await startWorker());
    const { id, worker } = await buildOfOurs(world, slug, workers);
    const killedAt = Date.now();
    await worker.kill();
    times.push((await firstStamp(world, id, killedAt)) - killedAt);
    report.say(`  going on after ${((times.at(-1) ?? 0) / 1000).toFixed(1)} s`);
    await cancel(world, id);
  }
  report.limit("SIGKILL of the worker to the build's next line", times, KILL_BAR_MS, "largest");
}

async function leave(worker: WorkerProcess): Promise<void> {
  if (worker.running) worker.signal("SIGTERM");
  await worker.exited;
}

function startWorker(): Promise<WorkerProcess> {
  const { DATABASE_URL, KILN_LEASE_SECONDS, KILN_BEAT_MS } = env();
  // As the Kiln that runs has them: they are what is measured.
  const settings = {
    KILN_LEASE_SECONDS: String(KILN_LEASE_SECONDS),
    KILN_BEAT_MS: String(KILN_BEAT_MS),
    KILN_WORKER_CONCURRENCY: "1",
  };
  return WorkerProcess.start(DATABASE_URL, settings, { lean: true });
}

/** The Kiln that runs takes builds as well; its worker isn't the benchmark's to kill. */
async function buildOfOurs(
  world: World,
  slug: string,
  workers: readonly WorkerProcess[],
): Promise<{ id: string; worker: WorkerProcess }> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const id = await refresh(world.bench, slug);
    await firstStamp(world, id, 0);
    const name = await workerOf(world, id);
    const worker = workers.find((each) => each.running && each.name === name);
    if (worker) return { id, worker };
    await cancel(world, id);
  }
  throw new Error(`Another worker was faster ${TRIES} times.`);
}

async function workerOf({ bench }: World, snapshotId: string): Promise<string | null> {
  for await (const frame of follow(bench.token, snapshotId))
    if (frame.type === "status") return frame.snapshot.worker;
  return null;
}
