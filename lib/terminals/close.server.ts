/** Ends a terminal, whether anybody is connected to it or not: the row says so, and its worker hears of it and ends the shell. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { isUuid } from "@/lib/uuid";
import { placeColumn } from "./living.server";
import type { Whose } from "./wire";

/** Safe to repeat: one that has ended stays that. @throws AppError 404 when there was none. */
export async function closeTerminal(actor: Actor, { kind, id }: Whose, terminal: string): Promise<void> {
  if (!isUuid(id) || !isUuid(terminal)) throw notThere();
  await db().$transaction(async (tx) => {
    const closed = await tx.$queryRaw<unknown[]>`
      WITH closed AS (
        UPDATE terminals t SET ended_at = now() WHERE t.id = ${terminal}::uuid AND ${placeColumn(kind)} = ${id}::uuid AND t.ended_at IS NULL
        RETURNING t.id)
      SELECT pg_notify('kiln', json_build_object('kind', 'terminal', 'id', id)::text)::text FROM closed`;
    if (closed.length > 0)
      return recordAudit(tx, actor, `${kind}.terminal_close`, { kind, id }, { terminal });
    const there = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM terminals t WHERE t.id = ${terminal}::uuid AND ${placeColumn(kind)} = ${id}::uuid`;
    if (there.length === 0) throw notThere();
  });
}

const notThere = () => new AppError(404, "not_found", "There is no such terminal.");
