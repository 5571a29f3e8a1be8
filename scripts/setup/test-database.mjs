/**
 * The tests' own cluster, tuned for speed and not for safety, with a migrated template that each test file clones.
 * The template's name carries a hash of what makes it, so it is migrated once for each state of the migrations.
 */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { hashContent } from "./content-hash.mjs";
import { dataFolder, logFile } from "./paths.mjs";
import { findRunningPostgres, startPostgres } from "./postgres.mjs";
import { query } from "./sql.mjs";
import { runTypeScript } from "./typescript.mjs";

const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: 300,
  // A worker a database each time, and there are many that live for seconds.
  autovacuum_naptime: "1min",
};

/** @typedef {{ url: (database: string) => string, stop: () => Promise<void>, kill: () => void, started: boolean }} TestServer */

/**
 * Joins the cluster that `npm run test:env` left running, or starts it.
 * @param {Partial<import("./postgres.mjs").PostgresOptions>} [options]
 * @returns {Promise<TestServer>}
 */
export async function startTestServer(options = {}) {
  const folder = dataFolder("test", "postgres");
  const running = await findRunningPostgres(folder);
  if (running) return { url: running, stop: async () => undefined, kill: () => undefined, started: false };
  forgetAfterCrash(folder);
  const server = await startPostgres({ folder, log: logFile("test-postgres"), settings, ...options });
  await dropLeftovers(server.url("postgres"));
  return { ...server, started: true };
}

/** Without fsync a cluster that didn't shut down can't be trusted, and nothing in it is worth keeping. @param {string} folder */
function forgetAfterCrash(folder) {
  if (!existsSync(path.join(folder, "data", "postmaster.pid"))) return;
  rmSync(path.join(folder, "data"), { recursive: true, force: true });
}

/** Databases of tests that were killed. Only right after the start, when nobody can be using them. @param {string} url */
async function dropLeftovers(url) {
  const rows = await query(url, "SELECT datname FROM pg_database WHERE datname ~ '^(test|e2e)_'");
  for (const { datname } of rows) await query(url, `DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
}

/**
 * Makes the template if this state of the migrations has none yet.
 * @param {TestServer} server
 * @param {(what: string) => void} [say]
 * @returns {Promise<string>} its name
 */
export async function makeTemplate({ url }, say) {
  const sources = [
    "prisma/migrations",
    "prisma/schema.prisma",
    "lib/jobs",
    "node_modules/pg-boss/package.json",
  ];
  const name = `kiln_template_${hashContent(sources).slice(0, 12)}`;
  const admin = url("postgres");
  const found = await query(admin, "SELECT 1 FROM pg_database WHERE datname = $1", [name]);
  if (found.length > 0) return name;
  say?.(`migrating ${name}`);
  // Under a name of its own and renamed at the end: nobody can clone half a template, nor two people spoil one.
  const draft = `test_template_${process.pid}`;
  await query(admin, `DROP DATABASE IF EXISTS "${draft}" WITH (FORCE)`);
  await query(admin, `CREATE DATABASE "${draft}"`);
  try {
    await runTypeScript("scripts/migrate.ts", [], { env: { ...process.env, DATABASE_URL: url(draft) } });
    await query(admin, `ALTER DATABASE "${draft}" RENAME TO "${name}"`);
  } catch (error) {
    await query(admin, `DROP DATABASE "${draft}" WITH (FORCE)`);
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "42P04") throw error; // The name is taken when someone else was faster.
  }
  return name;
}
