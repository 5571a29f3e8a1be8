/** The embedded Postgres: made once, started with this process, stopped with it. TCP on the loopback only. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./commands.mjs";
import { commandLine, identify } from "./identity.mjs";
import { findFreePort, isPortFree } from "./ports.mjs";
import { giveTo, preparePostgresHome } from "./postgres-home.mjs";
import { Refusal } from "./refusal.mjs";
import { startService } from "./services.mjs";
import { stopProcess } from "./stop-process.mjs";
import { waitFor } from "./wait.mjs";

/**
 * @typedef {object} PostgresOptions
 * @property {string} folder
 * @property {string} log
 * @property {Record<string, string | number>} [settings]
 * @property {(child: import("./instance.mjs").Child) => void} [onStart]
 * @property {(sentence: string) => void} [onGiveUp]
 * @property {(what: string) => void} [say]
 * @typedef {import("./postgres-home.mjs").PostgresHome} PostgresHome
 * @typedef {{ port: number, password: string }} Access
 */

const settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 100,
  synchronous_commit: "on",
  shared_buffers: "128MB",
  // What a log without end has lost to its cap is room for what it prints next as soon as a vacuum has seen it.
  autovacuum_naptime: "10s",
  log_min_messages: "warning",
};

/**
 * Starts the cluster, making it first if need be, and returns once it takes connections.
 * @param {PostgresOptions} options
 */
export async function startPostgres({ folder, log, settings: more = {}, onStart, onGiveUp, say }) {
  const place = await preparePostgresHome(folder);
  const data = path.join(place.home, "data");
  await endLeftoverServer(data);
  const access = readAccess(place.home) ?? { port: 0, password: randomBytes(24).toString("base64url") };
  if (!existsSync(path.join(data, "PG_VERSION"))) {
    say?.(`making a Postgres cluster in ${data}`);
    await makeCluster(place, data, access);
  }
  await refuseOtherRelease(place, data);

  let ready = false;
  const flags = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const service = await startService({
    name: "postgres",
    log,
    signal: "SIGINT", // Fast shutdown: ends connections, writes a checkpoint.
    onStart,
    onGiveUp,
    quiet: true,
    async launch() {
      // Another process may take the port between the choice and the start: then this runs again with a new one.
      // Once it was ready the port stays, because its address has been given away.
      if (!ready && !(access.port && (await isPortFree(access.port)))) access.port = await findFreePort();
      writeAccess(place.home, access);
      removeStalePidFile(data);
      const command = path.join(place.bin, "postgres");
      return { command, args: ["-D", data, "-p", String(access.port), ...flags], cwd: "/", ...place.owner };
    },
  });
  ready = (await waitFor(() => isReady(data, service.pid()), { deadlineMs: 60_000, everyMs: 50 })) ?? false;
  if (!ready) {
    await service.stop();
    throw new Refusal(`Postgres did not start within 60 s; its log is ${log}.`);
  }
  return {
    ...service,
    /** @param {string} database */
    url: (database) => databaseUrl(access, database),
  };
}

/**
 * The address of a cluster that runs already, whoever started it; null when it doesn't run.
 * @param {string} folder
 * @returns {Promise<((database: string) => string) | null>}
 */
export async function findRunningPostgres(folder) {
  if (!existsSync(folder)) return null;
  const { home } = await preparePostgresHome(folder);
  const data = path.join(home, "data");
  const pid = readPidFile(data)?.pid;
  const access = readAccess(home);
  if (!access || !pid || !isServerOf(pid, data) || !isReady(data, pid)) return null;
  return (database) => databaseUrl(access, database);
}

/**
 * Stops a cluster that this process didn't start.
 * @param {string} folder
 */
export async function stopRunningPostgres(folder) {
  if (existsSync(folder))
    await endLeftoverServer(path.join((await preparePostgresHome(folder)).home, "data"));
}

/** @param {Access} access @param {string} database */
function databaseUrl({ port, password }, database) {
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`;
}

/** Beside the data and not in it: initdb wants an empty folder. @param {string} home @returns {Access | null} */
function readAccess(home) {
  const file = path.join(home, "access.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

/** @param {string} home @param {Access} access */
function writeAccess(home, access) {
  const draft = path.join(home, "access.json.new");
  writeFileSync(draft, JSON.stringify(access), { mode: 0o600 });
  renameSync(draft, path.join(home, "access.json"));
}

/**
 * Made under another name and then renamed, so that a power loss never leaves half a cluster that looks whole.
 * @param {PostgresHome} place @param {string} data @param {Access} access
 */
async function makeCluster({ home, bin, owner }, data, access) {
  const draft = `${data}.new`;
  const passwordFile = path.join(home, "password.new");
  rmSync(draft, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(draft, owner);
  writeAccess(home, access);
  try {
    writeFileSync(passwordFile, access.password, { mode: 0o600 });
    giveTo(passwordFile, owner);
    const users = ["--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    // The server's own collation: sorting and text don't depend on the machine's locales.
    const text = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const args = [`--pgdata=${draft}`, ...users, ...text, "--no-instructions"];
    await run(path.join(bin, "initdb"), args, { ...owner, cwd: "/", deadlineMs: 60_000 });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, data);
}

/** @param {PostgresHome} place @param {string} data */
async function refuseOtherRelease({ bin, owner }, data) {
  const made = readFileSync(path.join(data, "PG_VERSION"), "utf8").trim();
  const printed = await run(path.join(bin, "postgres"), ["--version"], {
    ...owner,
    cwd: "/",
    deadlineMs: 10_000,
  });
  const runs = /(\d+)/.exec(printed)?.[1];
  if (made === runs) return;
  throw new Refusal(
    `The data in ${data} is of Postgres ${made}, the server is ${runs}: dump it with the old one.`,
  );
}

/** @param {string} data */
function readPidFile(data) {
  const file = path.join(data, "postmaster.pid");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  return { file, pid: Number(lines[0]), status: lines[7]?.trim() ?? "" };
}

/** @param {string} data @param {number | undefined} pid */
function isReady(data, pid) {
  const found = readPidFile(data);
  return found !== null && found.pid === pid && found.status === "ready";
}

/** @param {number} pid @param {string} data */
const isServerOf = (pid, data) => commandLine(pid).includes(`-D ${data} `);

/** A server that a killed start left: stopped cleanly, so that the next one begins without recovery. @param {string} data */
async function endLeftoverServer(data) {
  const pid = readPidFile(data)?.pid;
  if (pid && isServerOf(pid, data)) await stopProcess(identify(pid), { signal: "SIGINT" });
}

/** After a power loss the number in the file may be another process's, and the server would refuse. @param {string} data */
function removeStalePidFile(data) {
  const found = readPidFile(data);
  if (found && !isServerOf(found.pid, data)) rmSync(found.file);
}
