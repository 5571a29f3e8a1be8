/** Opens a terminal of a session, or of the container that a failed build left, or one that is there again: what is given out is a ticket to its worker. */
import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "@/lib/audit/record.server";
import type { Place } from "@/lib/commands/run.server";
import { db, type Tx } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { placeOf } from "@/lib/sessions/exec.server";
import { keptPlace } from "@/lib/snapshots/kept.server";
import type { Actor } from "@/lib/users/roles";
import { livingWorker, placeColumn } from "./living.server";
import { type Credential, signTicket } from "./ticket.server";
import { MOST_TERMINALS, type TicketAnswer, type TicketRequest, type Whose } from "./wire";

const TICKET_SECONDS = 30;

interface Held {
  worker: string;
  gateway: string;
  expiresAt: Date;
}

/**
 * @param credential what the asker has shown; it is asked for again while the terminal is open.
 * @throws AppError 404; 409 `not_running`, `not_kept`, `too_many_terminals`; 410 `terminal_ended`; 503 `no_gateway`.
 */
export async function openTerminal(
  actor: Actor,
  whose: Whose,
  credential: Credential,
  { terminal: wanted }: TicketRequest,
): Promise<TicketAnswer> {
  const place = await (whose.kind === "session" ? placeOf(whose.id) : keptPlace(whose.id));
  const terminal = wanted ?? uuidv7();
  const held = wanted
    ? await findTerminal(wanted, whose)
    : await db().$transaction((tx) => makeTerminal(tx, actor, { ...place, terminal }));
  const expiresAt = held.expiresAt.toISOString();
  const ticket = signTicket({
    ...{ id: uuidv7(), terminal, whose, worker: held.worker },
    ...{ gateway: held.gateway, credential, expiresAt },
  });
  return { ticket, terminal, expiresAt };
}

async function findTerminal(id: string, { kind, id: ownerId }: Whose): Promise<Held> {
  const [row] = await db().$queryRaw<Held[]>`
    SELECT w.id AS worker, w.gateway, now() + make_interval(secs => ${TICKET_SECONDS}) AS "expiresAt"
    FROM terminals t JOIN workers w ON w.id = t.worker_id
    WHERE t.id = ${id}::uuid AND ${placeColumn(kind)} = ${ownerId}::uuid AND t.ended_at IS NULL AND ${livingWorker()}`;
  if (row) return row;
  throw new AppError(410, "terminal_ended", "This shell has ended, or its worker has. Start a new one.");
}

async function makeTerminal(
  tx: Tx,
  actor: Actor,
  { kind, id, hostId, terminal }: Place & { terminal: string },
): Promise<Held> {
  // One after the other, so that the count holds.
  await (kind === "session"
    ? tx.$queryRaw`SELECT id FROM sessions WHERE id = ${id}::uuid FOR NO KEY UPDATE`
    : tx.$queryRaw`SELECT id FROM snapshots WHERE id = ${id}::uuid FOR NO KEY UPDATE`);
  const [made] = await tx.$queryRaw<Held[]>`
    WITH holder AS (
      SELECT w.id, w.gateway FROM workers w WHERE w.host_id = ${hostId}::uuid AND ${livingWorker()} ORDER BY w.started_at DESC LIMIT 1),
    made AS (
      INSERT INTO terminals (id, session_id, snapshot_id, worker_id, created_by, created_by_id)
      SELECT ${terminal}::uuid, ${kind === "session" ? id : null}::uuid, ${kind === "snapshot" ? id : null}::uuid, id, ${actor.name}, ${actor.id}::uuid FROM holder
      WHERE (SELECT count(*) FROM terminals t JOIN workers w ON w.id = t.worker_id
        WHERE ${placeColumn(kind)} = ${id}::uuid AND t.ended_at IS NULL AND ${livingWorker()}) < ${MOST_TERMINALS}::int
      RETURNING worker_id)
    SELECT made.worker_id AS worker, holder.gateway, now() + make_interval(secs => ${TICKET_SECONDS}) AS "expiresAt"
    FROM made JOIN holder ON holder.id = made.worker_id`;
  if (!made) throw await whyNot(tx, hostId);
  await recordAudit(tx, actor, `${kind}.terminal`, { kind, id }, { terminal });
  return made;
}

async function whyNot(tx: Tx, hostId: string): Promise<AppError> {
  const there = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM workers w WHERE w.host_id = ${hostId}::uuid AND ${livingWorker()} LIMIT 1`;
  return there.length > 0
    ? new AppError(
        409,
        "too_many_terminals",
        `There are ${MOST_TERMINALS} terminals, which is as many as there may be. Close one, then try again.`,
      )
    : new AppError(503, "no_gateway", "No worker of that host takes terminals now. Try again in a moment.");
}
