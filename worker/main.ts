/** The worker: one process, one container engine. Takes work until SIGTERM, then lets go of what it can't finish: another worker goes on with it. */
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { closeDatabase } from "@/lib/db/client.server";
import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { closeHub, hub } from "@/lib/events/hub.server";
import { registerWorker, setWorkerStatus } from "@/lib/hosts/store.server";
import { closeSender } from "@/lib/jobs/boss.server";
import {
  buildJob,
  buildQueue,
  commandJob,
  commandQueue,
  sessionJob,
  sessionQueue,
  sweepJob,
  sweepQueue,
} from "@/lib/jobs/queues";
import { WorkerQueues } from "@/lib/jobs/worker-queues.server";
import { log } from "@/lib/log.server";
import { listExpired } from "@/lib/snapshots/retention.server";
import { releaseBuild } from "@/lib/snapshots/take-over.server";
import { waitingForHost } from "@/lib/snapshots/wait.server";
import { awaitEngine } from "./await-engine";
import { conduct, handleBuild } from "./build-snapshot/handler";
import { RunningBuilds } from "./build-snapshot/running-builds";
import { WaitingSandboxes } from "./build-snapshot/waiting-sandboxes";
import { CacheKeeper } from "./caches/keeper";
import { coalesce } from "./coalesce";
import { handleCommand } from "./commands/handler";
import { createDockerEngine } from "./containers/docker";
import type { Engine } from "./containers/types";
import { admitBuild, measureDisk } from "./disk";
import { EngineWatch } from "./engine-watch";
import { enforce, ignoreAbort, keepBeating } from "./heartbeat";
import type { WorkerIdentity } from "./identity";
import { InventoryLoop } from "./inventory/loop";
import { deliverMessages } from "./notify/loop";
import { PoolKeeper } from "./pool/keeper";
import { Refusal, wrongRuntime } from "./runtime";
import { dispatchSchedules } from "./schedule/loop";
import { newerSchema } from "./schema";
import { handleSession } from "./sessions/start";
import { handleSweep } from "./sweep/handler";
import { sweep, tend } from "./sweep/sweep";
import { type Gateway, openGateway } from "./terminals/gateway";
import { watchUpstream } from "./upstream/loop";
import { VolumeKeeper } from "./volumes/keeper";

/** How many at a time; a command may wait for its own end, so there are more of them. */
const SESSION_JOBS = 4;
const COMMANDS = 16;
const TEND_MS = 30_000;
const ENFORCE_MS = 200;
const RELEASE_MS = 20_000;

async function main(): Promise<void> {
  // From the first moment: a signal while it starts is obeyed as soon as it has.
  const told = new Promise<string>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
  const leaving = new AbortController();
  void told.then(() => leaving.abort());
  const runtime = env().KILN_CONTAINER_RUNTIME;
  const connected = createDockerEngine({ dockerHost: env().DOCKER_HOST, runtime });
  const identified = await awaitEngine(connected, leaving.signal);
  if (!identified) return;
  const wrong = await wrongRuntime(connected, runtime);
  if (wrong) throw new Refusal(wrong);
  const name = `${hostname()}-${process.pid}`;
  // A database that restarts at this very moment is waited for, as an engine is.
  const id = uuidv7();
  const unlessLeaving = (error: unknown) => {
    if (!leaving.signal.aborted) throw error;
  };
  const newer = await insist(newerSchema, leaving.signal).catch(unlessLeaving);
  if (newer) throw new Refusal(newer);
  const registered = await insist(
    () => registerWorker(identified, name, { id, containerRuntime: runtime }),
    leaving.signal,
  ).catch(unlessLeaving);
  if (!registered) return;
  if ("taken" in registered) throw new Refusal(registered.taken);
  const { hostId, workerId } = registered;
  const worker: WorkerIdentity = { id: workerId, hostId, name };
  const watch = new EngineWatch(hostId, connected, identified.id);
  const { engine } = watch;
  const running = new RunningBuilds();
  const waiting = new WaitingSandboxes(worker, engine, env().KILN_EDIT_MINUTES, () => running.size > 0);
  const stopping = new AbortController();
  void watch.keepLooking(stopping.signal);

  const starting = new Set<string>();
  const caches = new CacheKeeper(worker, engine, stopping.signal);
  const volumes = new VolumeKeeper(worker, engine, stopping.signal);
  const requestSweep = sweeper(worker, engine, starting, { caches, volumes }, stopping.signal);
  const queues = await insist(() => WorkerQueues.open(hostId), leaving.signal).catch(unlessLeaving);
  if (!queues) return;
  const inventories = new InventoryLoop(worker, engine, () => running.size > 0);
  const afterBuild = () => {
    inventories.wake();
    caches.measure();
  };
  const deliver = async (snapshotId: string) => {
    if (await admitBuild(snapshotId, worker, watch))
      return handleBuild(snapshotId, worker, engine, running, waiting).finally(afterBuild);
    if ((await listExpired(hostId, "serving_only")).length > 0) requestSweep();
  };
  await queues.take(buildQueue, buildJob, env().KILN_WORKER_CONCURRENCY, ({ snapshotId }) =>
    deliver(snapshotId),
  );
  await queues.take(sessionQueue(hostId), sessionJob, SESSION_JOBS, ({ sessionId }) =>
    handleSession(sessionId, worker, engine, starting),
  );
  await queues.take(commandQueue(hostId), commandJob, COMMANDS, ({ commandId }) =>
    handleCommand(commandId, engine),
  );
  await queues.take(sweepQueue(hostId), sweepJob, 1, ({ sweepId }) => handleSweep(sweepId, worker, engine));
  const followed = new Set<Promise<void>>();
  const follow = (work: Promise<void>, what: object) => {
    const build = work
      .catch((error: unknown) => log.error({ err: error, ...what }, "a build that was taken over broke"))
      .finally(() => followed.delete(build));
    followed.add(build);
  };
  const beating = keepBeating({
    worker,
    running,
    signal: stopping.signal,
    onTaken: (claimed) =>
      follow(conduct(claimed, worker, engine, running, waiting).finally(afterBuild), claimed.claim),
    onRecovered: requestSweep,
  });
  const dispatching = Promise.all([
    dispatchSchedules(leaving.signal),
    deliverMessages(leaving.signal),
    watchUpstream(worker, engine, leaving.signal),
    new PoolKeeper(worker, engine, leaving.signal).run(),
  ]);
  // A cancellation is enforced when it is asked for, not at the next beat.
  // A build's own steps announce changes of it, too: a dozen in a moment.
  const lookAtChanges = coalesce(
    () =>
      enforce(worker, running).catch((error: unknown) =>
        log.warn({ err: error }, "a change could not be looked at; the next beat does"),
      ),
    ENFORCE_MS,
  );
  hub().subscribe((pointer) => {
    if (pointer === null || (pointer.kind === "snapshot" && running.has(pointer.id))) lookAtChanges();
  });
  hub().subscribe((pointer) => {
    if (pointer === null || pointer.kind === "cache") caches.clear();
  });
  const takeOwn = coalesce(async () => {
    try {
      const room = env().KILN_WORKER_CONCURRENCY - running.size;
      for (const snapshotId of await waitingForHost(hostId, room))
        follow(deliver(snapshotId), { snapshotId });
    } catch (error) {
      log.warn({ err: error }, "what waits for this host could not be looked up; the queue brings it again");
    }
  }, ENFORCE_MS);
  hub().subscribe((pointer) => {
    if (!running.isClosed && pointer?.kind === "wanted" && pointer.id === hostId) takeOwn();
  });
  const gateway = await openGateway(worker, engine);
  log.info({ worker: name, engine: identified.version, host: identified.name }, "worker ready");

  const signal = await told;
  log.info({ signal, builds: running.size }, "worker is shutting down");
  process.once("SIGTERM", () => process.exit(1));
  process.once("SIGINT", () => process.exit(1));
  await shutDown(worker, queues, running, { inventories, followed, dispatching, gateway, waiting }, stopping);
  await beating;
  engine.close();
}

/** Takes no new work, lets go of the running builds, and says goodbye. */
async function shutDown(
  worker: WorkerIdentity,
  queues: WorkerQueues,
  running: RunningBuilds,
  {
    inventories,
    followed,
    dispatching,
    gateway,
    waiting,
  }: {
    inventories: InventoryLoop;
    followed: ReadonlySet<Promise<void>>;
    dispatching: Promise<unknown>;
    gateway: Gateway;
    waiting: WaitingSandboxes;
  },
  stopping: AbortController,
): Promise<void> {
  await setWorkerStatus(worker.id, "draining").catch((error: unknown) =>
    log.warn({ err: error }, "could not say that this worker is leaving"),
  );
  const idle = Promise.all([
    queues.drain(),
    inventories.stop(),
    dispatching,
    gateway.close(),
    waiting.close(),
  ]);
  running.stopAll({ kind: "shutdown" });
  await Promise.race([Promise.all([idle, ...followed]), sleep(RELEASE_MS, undefined, { ref: false })]);
  // A capture, or an engine that doesn't answer, can't be waited for. What is left there is for a sweep.
  for (const claim of running.claims())
    await releaseBuild(claim, worker.name).catch((error: unknown) =>
      log.warn(
        { err: error, ...claim },
        "a build could not be let go of; it is found when its lease is over",
      ),
    );
  stopping.abort();
  await queues.close().catch((error: unknown) => log.warn({ err: error }, "the queue didn't close in order"));
  await setWorkerStatus(worker.id, "stopped").catch((error: unknown) =>
    log.warn({ err: error }, "could not say goodbye"),
  );
  await closeSender();
  await closeHub();
  await closeDatabase();
}

/** Sweeps at once, then every few minutes, and when asked to; sessions and what failed builds left are tended twice a minute in between. */
function sweeper(
  worker: WorkerIdentity,
  engine: Engine,
  starting: ReadonlySet<string>,
  { caches, volumes }: { caches: CacheKeeper; volumes: VolumeKeeper },
  signal: AbortSignal,
): () => void {
  let wake = new AbortController();
  const everyMs = env().KILN_SWEEP_SECONDS * 1000;
  const loop = async () => {
    let swept = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      const due = wake.signal.aborted || performance.now() - swept >= everyMs;
      if (due) swept = performance.now();
      wake = new AbortController();
      await (due ? sweep : tend)(worker, engine, starting)
        .then(() => measureDisk(worker, engine))
        .then(() => log.debug({ due }, "swept"))
        .catch((error: unknown) => log.warn({ err: error }, "a sweep failed; the next one tries again"));
      if (due) caches.measure();
      else caches.clear();
      volumes.tend(due);
      await sleep(Math.min(TEND_MS, everyMs), undefined, {
        signal: AbortSignal.any([signal, wake.signal]),
      }).catch(ignoreAbort);
    }
  };
  void loop();
  return () => wake.abort();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof Refusal) log.fatal(error.message);
    else log.fatal({ err: error }, "the worker can't go on");
    process.exit(1);
  },
);
