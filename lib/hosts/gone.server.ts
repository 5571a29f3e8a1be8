/** Workers that went without a goodbye: found by whichever other one looks first, and told once. */
import { emitGone, type GoneWorker } from "@/lib/channels/emit-hosts.server";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { LOST_AFTER_SECONDS } from "./store.server";

/** So that a beat isn't held up by a hundred of them. */
const AT_ONCE = 10;

/**
 * Marks those that haven't beaten for long, with the message, in one transaction each. One that beats again is no
 * longer marked, and is told of again when it goes again. @returns how many there were.
 */
export async function announceGone(): Promise<number> {
  let found = 0;
  while (found < AT_ONCE && (await announceNext())) found += 1;
  return found;
}

async function announceNext(): Promise<boolean> {
  // A beat may be slower than the usual limit: then a lease says how slow.
  const seconds = Math.max(LOST_AFTER_SECONDS, env().KILN_LEASE_SECONDS);
  return db().$transaction(async (tx) => {
    const [gone] = await tx.$queryRaw<GoneWorker[]>`
      UPDATE workers w SET gone_at = now() FROM hosts h
      WHERE h.id = w.host_id AND w.id = (
        SELECT id FROM workers
        WHERE status = 'running' AND gone_at IS NULL AND seen_at < now() - make_interval(secs => ${seconds}::float8)
        ORDER BY seen_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING w.id, w.name, w.host_id AS "hostId", h.name AS host, w.seen_at AS "seenAt", w.gone_at AS "goneAt",
        (SELECT count(*)::int FROM workers o WHERE o.host_id = w.host_id AND o.status = 'running'
          AND o.seen_at >= now() - make_interval(secs => ${seconds}::float8)) AS others,
        (SELECT count(*)::int FROM snapshots s WHERE s.worker_id = w.id AND s.status = 'running') AS "left"`;
    if (gone) await emitGone(tx, gone);
    return gone !== undefined;
  });
}
