/** What the rows say about a preview. */
import { db } from "@/lib/db/client.server";
import { livingWorker } from "@/lib/terminals/living.server";

/** The gateway of a worker on the session's host, as host:port; null when there is none, or no such session. */
export async function gatewayOf(sessionId: string): Promise<string | null> {
  const [row] = await db().$queryRaw<Array<{ gateway: string }>>`
    SELECT w.gateway FROM sessions s JOIN workers w ON w.host_id = s.host_id
    WHERE s.id = ${sessionId}::uuid AND ${livingWorker()} ORDER BY (w.status = 'running') DESC, w.started_at DESC LIMIT 1`;
  return row?.gateway ?? null;
}

/** Somebody uses it. Writes at most once a minute. */
export async function notePreviewed(sessionId: string): Promise<void> {
  await db().$executeRaw`
    INSERT INTO session_previews AS v (session_id, used_at) SELECT id, now() FROM sessions WHERE id = ${sessionId}::uuid
    ON CONFLICT (session_id) DO UPDATE SET used_at = now() WHERE v.used_at < now() - interval '1 minute'`;
}
