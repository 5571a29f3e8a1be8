/** What the terminal says of the example profile's first snapshot. */
import { query } from "./sql.mjs";
import { formatDuration, print } from "./steps.mjs";
import { waitFor } from "./wait.mjs";

const deadlineMs = 30 * 60_000;
const label = "Example snapshot";

const statement = `SELECT status::text, image_reference, failure_message,
  EXTRACT(EPOCH FROM coalesce(finished_at, clock_timestamp()) - queued_at)::float8 * 1000 AS took
  FROM snapshots WHERE id = $1`;

/**
 * Follows it to its end, one line a change.
 * @param {{ databaseUrl: string, dockerHost: string, snapshotId: string, isEnding: () => boolean }} options
 * @returns {Promise<string>} what to say at last
 */
export async function followExample({ databaseUrl, dockerHost, snapshotId, isEnding }) {
  let said = "";
  const look = async () => {
    if (isEnding()) return "The start was ended.";
    const [row] = await query(databaseUrl, statement, [snapshotId]);
    if (!row) return `${label}: it is gone.`;
    const status = String(row.status);
    if (status === "queued" || status === "running") {
      if (status !== said) print(`  · ${label} ${status}`);
      said = status;
      return null;
    }
    const took = formatDuration(Number(row.took));
    if (status !== "ready")
      return `${label} ${status} after ${took}: ${row.failure_message ?? "its log says why"}`;
    print(`  ✓ ${label} ${took}`);
    const command = shellCommand(dockerHost, String(row.image_reference));
    return `${label} ready in ${took}. Start a shell in it: ${command}`;
  };
  const outcome = await waitFor(look, { deadlineMs, everyMs: 1_000 });
  return outcome ?? `${label}: not ready after ${formatDuration(deadlineMs)}; the dashboard has its log.`;
}

/** @param {string} dockerHost @param {string} reference */
function shellCommand(dockerHost, reference) {
  const host = dockerHost === "unix:///var/run/docker.sock" ? "" : `DOCKER_HOST=${dockerHost} `;
  return `${host}docker run --rm -it ${reference} bash`;
}
