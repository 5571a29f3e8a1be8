/** A real Kiln for the browser tests: the production build, a worker, a database of its own, free ports. */
import { randomBytes } from "node:crypto";
import { askEngine } from "./docker-api.mjs";
import { programEnvironment } from "./environment.mjs";
import { logFile } from "./paths.mjs";
import { findFreePort } from "./ports.mjs";
import { query } from "./sql.mjs";
import { print } from "./steps.mjs";
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

/**
 * All that this Kiln made in the engine: containers, images and volumes.
 * @param {string} dockerHost
 * @param {string} databaseUrl
 */
async function removeRemains(dockerHost, databaseUrl) {
  const [installation] = await query(databaseUrl, "SELECT id FROM installation");
  if (!installation) return;
  const label = `dev.kiln.installation=${installation.id}`;
  const filters = `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`;
  const list = async (/** @type {string} */ target) => JSON.parse((await askEngine(dockerHost, target)).body);
  /** @param {string} target @returns {Promise<string | null>} why it is still there */
  const remove = async (target) => {
    const { status, body } = await askEngine(dockerHost, target, { method: "DELETE" });
    return status >= 400 && status !== 404 ? `${target}: ${body.trim()}` : null;
  };
  for (const { Id } of await list(`/containers/json?all=1&${filters}`))
    await remove(`/containers/${Id}?force=1&v=1`);
  for (const { Name } of (await list(`/volumes?${filters}`)).Volumes ?? []) await remove(`/volumes/${Name}`);

  // The engine keeps an image that others were made of, until they are gone: the newest go first.
  const images = await list(`/images/json?all=1&${filters}`);
  images.sort(
    (/** @type {{ Created: number }} */ a, /** @type {{ Created: number }} */ b) => b.Created - a.Created,
  );
  const left = [];
  for (const { Id } of images) left.push(await remove(`/images/${Id}?force=1`));
  for (const problem of left) if (problem) print(`  · left behind: ${problem}`);
}
