/** The one pg-boss instance that a process sends with. What takes jobs is in worker-queues.server.ts. */
import { fromPrisma, PgBoss } from "pg-boss";
import type { Tx } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import {
  type BuildJob,
  buildQueue,
  type CommandJob,
  commandQueue,
  type SessionJob,
  type SweepJob,
  sessionQueue,
  sweepQueue,
} from "./queues";

export const QUEUE_SCHEMA = "pgboss";
/** A build may take hours; its end is decided by the row's lease, not by the queue's clock. */
const BUILD_EXPIRES_SECONDS = 23 * 3600;

const kept = globalThis as typeof globalThis & { kilnSender?: Promise<PgBoss> };

/** What this process sends with. Its own two connections only read which queues there are; sends go through the caller's transaction. */
function sender(): Promise<PgBoss> {
  kept.kilnSender ??= startSender().catch((error: unknown) => {
    delete kept.kilnSender;
    throw error;
  });
  return kept.kilnSender;
}

async function startSender(): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: env().DATABASE_URL,
    schema: QUEUE_SCHEMA,
    supervise: false,
    schedule: false,
    migrate: false,
    registerInstance: false,
    max: 2,
  });
  boss.on("error", (error) => log.error({ err: error }, "queue error"));
  return await boss.start();
}

export async function closeSender(): Promise<void> {
  const boss = await kept.kilnSender;
  delete kept.kilnSender;
  await boss?.stop({ graceful: false });
}

/** Creates or migrates the queue's own tables and the queues that every installation has. */
export async function migrateQueues(): Promise<void> {
  const boss = new PgBoss({
    connectionString: env().DATABASE_URL,
    schema: QUEUE_SCHEMA,
    supervise: false,
    schedule: false,
    max: 2,
  });
  boss.on("error", (error) => log.error({ err: error }, "queue error while migrating"));
  await boss.start();
  try {
    await boss.createQueue(buildQueue, {
      policy: "exclusive",
      notify: true,
      retryLimit: 0,
      expireInSeconds: BUILD_EXPIRES_SECONDS,
      deleteAfterSeconds: 86_400,
    });
  } finally {
    await boss.stop({ graceful: false });
  }
}

/**
 * I2: the queue entry commits with the row. One live entry a fence: a second send for the same one
 * does nothing, so recovery may send whenever it is in doubt.
 */
export async function enqueueBuild(tx: Tx, job: BuildJob, fence: number, priority: number): Promise<void> {
  await (await sender()).send(buildQueue, job, {
    ...{ db: fromPrisma(tx), singletonKey: buildKey(job, fence), priority },
  });
}

const buildKey = (job: BuildJob, fence: number) => `${job.snapshotId}:${fence}`;

/**
 * Sends again what may have been lost; while the job waits to be taken this does nothing. One that was taken
 * claims the row in the next moment. The caller holds the row and it is queued, so whoever took that job is
 * gone or about to find a second delivery, which does no harm; left alone it would stay "active" for a day.
 */
export async function resendBuild(tx: Tx, job: BuildJob, fence: number, priority: number): Promise<void> {
  const boss = await sender();
  const options = { db: fromPrisma(tx), singletonKey: buildKey(job, fence), priority };
  if ((await boss.send(buildQueue, job, options)) !== null) return;
  const there = await boss.findJobs(buildQueue, { db: options.db, key: options.singletonKey });
  const taken = there.filter(({ state }) => state === "active").map(({ id }) => id);
  if (taken.length === 0) return;
  await boss.deleteJob(buildQueue, taken, { db: options.db });
  await boss.send(buildQueue, job, options);
}

export async function enqueueSession(tx: Tx, hostId: string, job: SessionJob): Promise<void> {
  await (await sender()).send(sessionQueue(hostId), job, { db: fromPrisma(tx) });
}

export async function enqueueCommand(tx: Tx, hostId: string, job: CommandJob): Promise<void> {
  await (await sender()).send(commandQueue(hostId), job, { db: fromPrisma(tx), retryLimit: 0 });
}

export async function enqueueSweep(tx: Tx, hostId: string, job: SweepJob): Promise<void> {
  await (await sender()).send(sweepQueue(hostId), job, { db: fromPrisma(tx), retryLimit: 0 });
}
