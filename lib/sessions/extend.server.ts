/** Keeps a running session longer. */
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { getSession } from "./store.server";
import type { SessionWire } from "./wire";

/**
 * Lets it live longer, up to what its profile allows since it was started or resumed.
 * @throws AppError 404; 409 `not_running`, `lifetime_reached`.
 */
export async function extendSession(actor: Actor, id: string, hours: number): Promise<SessionWire> {
  return db().$transaction(async (tx) => {
    const until = Prisma.sql`LEAST(GREATEST(s.expires_at, now()) + make_interval(hours => ${hours}::int),
      s.started_at + make_interval(hours => p.session_max_hours))`;
    const extended = await tx.$executeRaw`
      UPDATE sessions s SET expires_at = ${until} FROM profiles p
      WHERE s.id = ${id}::uuid AND p.id = s.profile_id AND s.status = 'running' AND ${until} > s.expires_at`;
    const now = await getSession(id, tx);
    if (extended === 0)
      throw now.status === "running"
        ? new AppError(
            409,
            "lifetime_reached",
            "It has been running for as long as its profile allows. Stop it, and resume it to go on.",
          )
        : new AppError(409, "not_running", `The session ${now.name} isn't running: it is ${now.status}.`);
    await recordAudit(tx, actor, "session.extend", { kind: "session", id }, { hours });
    return now;
  });
}
