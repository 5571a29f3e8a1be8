/** What a Kiln that was there for tests left in the engine: containers, images and volumes. */
import { askEngine } from "./docker-api.mjs";
import { query } from "./sql.mjs";
import { print } from "./steps.mjs";

/**
 * Removes all that it made. Its worker has to be gone, which would build again what goes.
 * @param {string} dockerHost
 * @param {string} databaseUrl
 */
export async function removeRemains(dockerHost, databaseUrl) {
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
