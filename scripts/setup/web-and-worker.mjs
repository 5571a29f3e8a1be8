/** Kiln's own two processes: how each is started, and when it counts as ready. */
import { node } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";
import { startService } from "./services.mjs";
import { query } from "./sql.mjs";
import { waitFor } from "./wait.mjs";
import { bundleWeb, bundleWorker, webCommand, workerCommand } from "./worker-bundle.mjs";

/** glibc keeps what a log's buffers took, in as many heaps as there are threads, unless it is told to give it back. */
const frugal = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" };

const watchedWorker = ["--watch", "--watch-preserve-output", "--import", "tsx", "worker/main.ts"];

/**
 * @typedef {object} ProcessOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {string} log
 * @property {boolean} [dev] with hot reload
 * @property {(child: import("./instance.mjs").Child) => void} [onStart]
 * @property {(sentence: string) => void} [onGiveUp]
 */

/**
 * Ready when it has written itself into the database after the moment at which it was started; the database's own
 * clock says when that was.
 * @param {ProcessOptions & { databaseUrl: string, dockerHost: string }} options
 */
export async function startWorker({ env, log, dev, databaseUrl, dockerHost, onStart, onGiveUp }) {
  const [clock] = await query(databaseUrl, "SELECT clock_timestamp() AS now");
  const mode = dev ? "development" : "production";
  const service = await startService({
    name: "worker",
    graceMs: 25_000, // It takes up to 20 s to hand its builds back.
    log,
    onStart,
    onGiveUp,
    launch: async () => {
      if (!dev) await bundleWorker();
      return {
        command: node,
        args: dev ? watchedWorker : workerCommand,
        env: { ...frugal, ...env, NODE_ENV: mode, DOCKER_HOST: dockerHost },
      };
    },
  });
  const isReady = async () => {
    const sql = "SELECT 1 FROM workers WHERE started_at >= $1 AND status = 'running'";
    return (await query(databaseUrl, sql, [clock?.now])).length > 0;
  };
  await requireReady(service, isReady, 60_000);
  return service;
}

/**
 * Ready when its health route says so.
 * @param {ProcessOptions & { port: number }} options
 */
export async function startWeb({ env, log, dev, port, onStart, onGiveUp }) {
  const service = await startService({
    name: "web",
    log,
    onStart,
    onGiveUp,
    launch: async () => {
      await bundleWeb();
      return {
        command: node,
        args: webCommand,
        env: {
          ...env,
          NODE_ENV: dev ? "development" : "production",
          PORT: String(port),
          NEXTAUTH_URL: env.NEXTAUTH_URL || `http://localhost:${port}`,
        },
      };
    },
  });
  await requireReady(service, () => isHealthy(port), dev ? 120_000 : 60_000);
  return service;
}

/** @param {number} port */
async function isHealthy(port) {
  try {
    const url = `http://127.0.0.1:${port}/api/v1/health`;
    return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).status === 200;
  } catch {
    return false; // Not listening yet.
  }
}

/**
 * @param {import("./services.mjs").Service} service
 * @param {() => Promise<boolean>} isReady
 * @param {number} deadlineMs
 */
async function requireReady(service, isReady, deadlineMs) {
  if (await waitFor(isReady, { deadlineMs, everyMs: 250 })) return;
  await service.stop();
  const seconds = deadlineMs / 1000;
  throw new Refusal(
    `The ${service.name} process was not ready within ${seconds} s; its log is ${service.log}.`,
  );
}
