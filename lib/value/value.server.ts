/** Works out what a profile's snapshots have been worth: from its sessions' starts and its builds' own step times. */
import { db } from "@/lib/db/client.server";
import { getProfile } from "@/lib/profiles/store.server";
import { VALUE_DAYS, type ValueWire } from "./wire";

/** What a build does besides the setup: without a snapshot nobody would have to. */
const besides = ["base-image", "capture", "check", "promote"];

interface Row {
  starts: number;
  median: number | null;
  p95: number | null;
  setup: number | null;
  saved: number | null;
}

/**
 * A version's setup is the sum of its steps' usual times. A step that was reused took no time, so only builds that did
 * it count: the version's own, else any of the profile with a step of that name.
 * @throws AppError 404 for the profile.
 */
export async function readValue(idOrSlug: string): Promise<ValueWire> {
  const { id } = await getProfile(idOrSlug);
  const [[row], [images]] = await Promise.all([readStarts(id), readImages(id)]);
  const { starts = 0, median = null, p95 = null, setup = null, saved = null } = row ?? {};
  return {
    starts,
    startMs: median === null || p95 === null ? null : { median, p95 },
    setupMs: setup,
    savedMs: saved ?? 0,
    images: { count: images?.count ?? 0, bytes: images?.bytes ?? 0 },
  };
}

function readStarts(profileId: string): Promise<Row[]> {
  return db().$queryRaw<Row[]>`
    WITH done AS (
      SELECT b.version_id, t.name, avg(extract(epoch FROM t.finished_at - t.started_at) * 1000) AS ms
      FROM snapshot_steps t JOIN snapshots b ON b.id = t.snapshot_id
      WHERE b.profile_id = ${profileId}::uuid AND b.mode = 'full' AND t.status = 'done' AND t.reused_from IS NULL
        AND t.finished_at >= t.started_at AND NOT t.name = ANY(${besides}::text[])
      GROUP BY 1, 2),
    usual AS (SELECT name, avg(ms) AS ms FROM done GROUP BY 1),
    steps AS (
      SELECT DISTINCT b.version_id, t.name FROM snapshot_steps t JOIN snapshots b ON b.id = t.snapshot_id
      WHERE b.profile_id = ${profileId}::uuid AND b.mode = 'full' AND b.status IN ('ready', 'removed')
        AND NOT t.name = ANY(${besides}::text[])),
    setups AS (
      SELECT s.version_id, sum(COALESCE(d.ms, u.ms)) AS ms FROM steps s
      LEFT JOIN done d ON d.version_id = s.version_id AND d.name = s.name LEFT JOIN usual u ON u.name = s.name
      GROUP BY 1),
    begun AS (
      SELECT version_id, extract(epoch FROM first_started_at - created_at) * 1000 AS ms FROM sessions
      WHERE profile_id = ${profileId}::uuid AND first_started_at > now() - make_interval(days => ${VALUE_DAYS}::int))
    SELECT count(*)::int AS starts,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY begun.ms)::float8 AS median,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY begun.ms)::float8 AS p95,
      avg(setups.ms)::float8 AS setup,
      sum(GREATEST(0, setups.ms - begun.ms))::float8 AS saved
    FROM begun LEFT JOIN setups USING (version_id)`;
}

/** Snapshots that reused everything have one image together. */
function readImages(profileId: string): Promise<Array<{ count: number; bytes: number }>> {
  return db().$queryRaw`
    SELECT count(*)::int AS count, COALESCE(sum(bytes), 0)::float8 AS bytes FROM (
      SELECT host_id, image_id, max(image_size_bytes) AS bytes FROM snapshots
      WHERE profile_id = ${profileId}::uuid AND status = 'ready' AND image_id IS NOT NULL GROUP BY 1, 2) AS images`;
}
