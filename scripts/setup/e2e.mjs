/** A real Kiln for the browser tests: the production build, a worker, a database of its own, free ports. */
import { randomBytes } from "node:crypto";
import { programEnvironment } from "./environment.mjs";
import { logFile } from "./paths.mjs";
import { findFreePort } from "./ports.mjs";
import { removeRemains } from "./remains.mjs";
import { query } from "./sql.mjs";
import { startWeb, startWorker } from "./web-and-worker.mjs";

/**
 * @param {object} options
 * @param {import("./lifecycle.mjs").Lifecycle} options.lifecycle
 * @param {import("./test-database.mjs").TestServer} options.server
 * @param {string} options.template
 * @param {string} options.dockerHost
 * @param {string} options.baseImage
 * @returns {Promise<Record<string, string>>} what the tests are told
 */
export async function startE2e({ lifecycle, server, template, dockerHost, baseImage }) {
  const name = `e2e_${randomBytes(6).toString("hex")}`;
  await query(server.url("postgres"), `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  const databaseUrl = server.url(name);
  const secret = randomBytes(48).toString("base64url");
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const env = {
    ...programEnvironment({ databaseUrl, secret, baseImage }),
    NEXTAUTH_URL: url,
    // Several tests build at a time.
    KILN_WORKER_CONCURRENCY: "4",
  };
  const { own, callbacks } = lifecycle;
  // Kept until its worker is gone: an image that goes under a living one is built again.
  await own({ name: "remains", stop: () => removeRemains(dockerHost, databaseUrl) });
  await Promise.all([
    startWorker({ env, log: logFile("e2e-worker"), databaseUrl, dockerHost, ...callbacks }).then(own),
    startWeb({ env, log: logFile("e2e-web"), port, ...callbacks }).then(own),
  ]);
  return {
    KILN_E2E_URL: url,
    KILN_E2E_DATABASE_URL: databaseUrl,
    KILN_E2E_BUILDS: env.KILN_WORKER_CONCURRENCY,
    KILN_SECRET: secret,
  };
}
