/** Stops, takes up again, keeps longer and deletes sessions: the row moves first, a worker on its host does the rest. */
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { enqueueSession } from "@/lib/jobs/boss.server";
import type { Actor } from "@/lib/users/roles";
import { isActive, sourcesOf } from "./state";
import { getSession } from "./store.server";
import type { SessionWire } from "./wire";

/** @throws AppError 404; 409 `not_running` when it has ended. Stopping one that stops already is fine. */
export async function stopSession(actor: Actor, id: string): Promise<SessionWire> {
  const session = await getSession(id);
  return db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("stopping") } },
      data: { status: "stopping", stopReason: null },
    });
    const now = await getSession(id, tx);
    if (count === 0) {
      if (now.status === "stopping") return now;
      throw new AppError(
        409,
        "not_running",
        `The session ${session.name} isn't running: it is ${now.status}.`,
      );
    }
    await recordAudit(tx, actor, "session.stop", { kind: "session", id });
    await wakeWorker(tx, id);
    return now;
  });
}

/**
 * Takes up one that was stopped, with its files as they were. One that never had a container starts from its snapshot.
 * @throws AppError 404; 409 `not_stopped`, `profile_archived`. Resuming one that is on its way is fine.
 */
export async function resumeSession(actor: Actor, id: string): Promise<SessionWire> {
  const { profileId } = await getSession(id);
  return db().$transaction(async (tx) => {
    // Not beside archiving: one of the two sees the other (F26).
    const [profile] = await tx.$queryRaw<Array<{ archived: boolean }>>`
      SELECT archived_at IS NOT NULL AS archived FROM profiles WHERE id = ${profileId}::uuid FOR SHARE`;
    if (profile?.archived)
      throw new AppError(
        409,
        "profile_archived",
        "The session’s profile is archived. Bring it back, then resume the session.",
      );
    const resumed = await tx.$executeRaw`
      UPDATE sessions s SET status = (CASE WHEN s.container_id IS NULL THEN 'queued' ELSE 'resuming' END)::"SessionStatus",
        worker_id = NULL, stop_reason = NULL, notice = NULL, stopped_at = NULL, expires_at = now() + make_interval(hours => p.session_hours)
      FROM profiles p WHERE s.id = ${id}::uuid AND p.id = s.profile_id
        AND s.status = ANY (${sourcesOf("resuming")}::text[]::"SessionStatus"[])`;
    const now = await getSession(id, tx);
    if (resumed === 0) {
      if (isActive(now.status) && now.status !== "stopping") return now;
      throw new AppError(
        409,
        "not_stopped",
        now.status === "stopping"
          ? `The session ${now.name} is still being stopped. Try again in a moment.`
          : `The session ${now.name} can’t be resumed: it is ${now.status}. Start another one.`,
      );
    }
    await recordAudit(tx, actor, "session.resume", { kind: "session", id });
    await wakeWorker(tx, id);
    return now;
  });
}

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

/** Its container is removed by the worker. @throws AppError 404 when it is gone already. */
export async function deleteSession(actor: Actor, id: string): Promise<void> {
  await getSession(id);
  await db().$transaction(async (tx) => {
    const { count } = await tx.session.updateMany({
      where: { id, status: { in: sourcesOf("deleted") } },
      data: { status: "deleted", stoppedAt: new Date() },
    });
    if (count === 0) return;
    await recordAudit(tx, actor, "session.delete", { kind: "session", id });
    await wakeWorker(tx, id);
  });
}

async function wakeWorker(tx: Tx, id: string): Promise<void> {
  const { hostId } = await tx.session.findUniqueOrThrow({ where: { id }, select: { hostId: true } });
  await enqueueSession(tx, hostId, { sessionId: id });
}
