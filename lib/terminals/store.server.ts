/** Reads and writes the rows of terminals and of their used tickets. */
import { db } from "@/lib/db/client.server";
import { isUuid } from "@/lib/uuid";
import { livingWorker, placeColumn } from "./living.server";
import type { TerminalWire, Whose } from "./wire";

/** A person's, or a token's, own terminals of one place that can be come back to, oldest first. */
export async function listTerminals({ kind, id }: Whose, ownerId: string | null): Promise<TerminalWire[]> {
  if (!isUuid(id) || ownerId === null) return [];
  const rows = await db().$queryRaw<Array<{ id: string; createdBy: string; createdAt: Date }>>`
    SELECT t.id, t.created_by AS "createdBy", t.created_at AS "createdAt" FROM terminals t JOIN workers w ON w.id = t.worker_id
    WHERE ${placeColumn(kind)} = ${id}::uuid AND t.created_by_id = ${ownerId}::uuid AND t.ended_at IS NULL AND ${livingWorker()}
    ORDER BY t.id LIMIT 100`;
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
}

/**
 * The worker's side, once: by the database's clock, which gave it out.
 * @returns false when it has expired or was used before
 */
export async function takeTicket(id: string, expiresAt: string): Promise<boolean> {
  const used = await db().$executeRaw`
    INSERT INTO used_tickets (id, expires_at) SELECT ${id}::uuid, ${expiresAt}::timestamptz
    WHERE ${expiresAt}::timestamptz > now() ON CONFLICT DO NOTHING`;
  return used === 1;
}

/** May its worker start its shell? @returns false when it has ended, or is another worker's */
export async function mayStart(id: string, workerId: string): Promise<boolean> {
  return (await db().terminal.count({ where: { id, workerId, endedAt: null } })) === 1;
}

/** Its shell runs. Until then it is no use of what it is for: used at the moment at which it was made. */
export async function noteShell(id: string): Promise<void> {
  await db().$executeRaw`UPDATE terminals SET used_at = now() WHERE id = ${id}::uuid`;
}

/** Something was typed. Writes at most once a minute. */
export async function noteInput(id: string): Promise<void> {
  await db().$executeRaw`
    UPDATE terminals SET used_at = now() WHERE id = ${id}::uuid AND used_at < now() - interval '1 minute'`;
}

/** Safe to repeat. */
export async function endTerminal(id: string): Promise<void> {
  await db().$executeRaw`UPDATE terminals SET ended_at = now() WHERE id = ${id}::uuid AND ended_at IS NULL`;
}

/** Of these, those that have ended: whoever holds a shell of one ends it. */
export async function endedTerminals(ids: readonly string[]): Promise<string[]> {
  const rows = await db().terminal.findMany({
    where: { id: { in: [...ids] }, endedAt: { not: null } },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * Ends the rows of this worker that nobody has come for, and forgets what is over.
 * @param held the terminals that it has
 */
export async function tidyTerminals(workerId: string, held: readonly string[]): Promise<void> {
  await db().$transaction([
    db().$executeRaw`
      UPDATE terminals SET ended_at = now() WHERE worker_id = ${workerId}::uuid AND ended_at IS NULL
        AND created_at < now() - interval '2 minutes' AND NOT id = ANY(${[...held]}::uuid[])`,
    db().$executeRaw`DELETE FROM terminals t USING workers w WHERE w.id = t.worker_id
      AND (t.ended_at < now() - interval '8 days' OR (w.status = 'stopped' AND t.used_at < now() - interval '8 days'))`,
    db().$executeRaw`DELETE FROM used_tickets WHERE expires_at < now() - interval '1 minute'`,
  ]);
}
