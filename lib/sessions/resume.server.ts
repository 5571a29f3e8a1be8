/** Takes up a session that was stopped; a worker on its host does the work. */
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import type { Actor } from "@/lib/users/roles";
import { isActive } from "./state";
import { getSession } from "./store.server";
import { wakeWorker } from "./wake.server";
import type { SessionWire } from "./wire";

/**
 * Takes up one that was stopped, with its files as they were. One that has no container starts from its snapshot; a
 * persistent one that failed, too: its files outlived that.
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
      UPDATE sessions s SET status = (CASE WHEN s.container_id IS NULL OR s.status = 'failed' THEN 'queued' ELSE 'resuming' END)::"SessionStatus",
        worker_id = NULL, stop_reason = NULL, notice = NULL, moving_to_id = NULL, failure_code = NULL, failure_message = NULL, stopped_at = NULL, expires_at = now() + make_interval(hours => p.session_hours)
      FROM profiles p WHERE s.id = ${id}::uuid AND p.id = s.profile_id
        AND (s.status IN ('stopped', 'expired') OR (s.status = 'failed' AND s.persistent))`;
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
