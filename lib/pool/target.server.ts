/** What pools should hold, and which of their sandboxes a session may take, as parts of statements. */
import { Prisma } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";

/** So long after it was last seen to run, nobody relies on it. The keeper looks every few seconds. */
const FRESH_SECONDS = 40;

/** By profile: the serving snapshot of the newest version that has a ready one, which is what new sessions start from. */
export const newestServing = Prisma.sql`
  SELECT DISTINCT ON (v.profile_id) v.profile_id, v.id AS version_id, v.number AS version, v.spec, n.id AS snapshot_id, n.number, n.host_id
  FROM versions v JOIN snapshots n ON n.id = v.serving_snapshot_id
  WHERE v.state = 'published' AND n.status = 'ready' ORDER BY v.profile_id, v.number DESC`;

/** What each pool of a host is started from. A full disk, like an archived profile, wants none. */
export const targetsOf = (hostId: string) => Prisma.sql`
  SELECT p.id AS profile_id, p.pool_size, t.version_id, t.snapshot_id, t.host_id
  FROM profiles p JOIN (${newestServing}) t ON t.profile_id = p.id JOIN hosts h ON h.id = t.host_id
  WHERE h.id = ${hostId}::uuid AND p.pool_size > 0 AND p.archived_at IS NULL AND h.disk_low_since IS NULL`;

/**
 * What containers of host `h` are to run with: what its newest worker that lives was told, so that nobody is given a sandbox
 * of a time when it was less. Null without such a worker.
 */
export const runtimeNow = () => Prisma.sql`(
  SELECT k.container_runtime FROM workers k WHERE k.host_id = h.id AND k.status = 'running'
    AND k.seen_at > now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)
  ORDER BY k.started_at DESC, k.id DESC LIMIT 1)`;

/** May a session take `w`, of which `l` is the last look, on host `h`? It runs, as far as anybody can tell, and somebody is there to run commands in it. */
export const claimable = () => Prisma.sql`
  w.status = 'ready' AND l.checked_at > now() - make_interval(secs => ${FRESH_SECONDS}::float8)
  AND h.engine_error IS NULL AND w.runtime = ${runtimeNow()}`;
