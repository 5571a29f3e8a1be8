/** Moves a persistent session onto a newer snapshot: its volumes stay, everything else is the new container's. */
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { nestedPath } from "@/lib/profiles/persistent-paths";
import type { Actor } from "@/lib/users/roles";
import { makeVolumes } from "@/lib/volumes/make.server";
import { notPersistent } from "@/lib/volumes/store.server";
import { getSession } from "./store.server";
import { wakeWorker } from "./wake.server";
import type { SessionWire } from "./wire";

/**
 * Onto the snapshot that its version's sessions start from now, or that of another version of its profile. The row
 * only says so: a worker makes the new container, and `snapshotId` moves when that runs.
 * @throws AppError 404; 409 `not_persistent`, `version_not_usable`, `other_host`, `newest_already`, `paths_overlap`,
 * `not_movable`, `profile_archived`.
 */
export async function moveToNewest(actor: Actor, id: string, number?: number): Promise<SessionWire> {
  const session = await getSession(id);
  if (!session.persistent) throw notPersistent();
  return db().$transaction(async (tx) => {
    const [profile] = await tx.$queryRaw<Array<{ archived: boolean }>>`
      SELECT archived_at IS NOT NULL AS archived FROM profiles WHERE id = ${session.profileId}::uuid FOR SHARE`;
    if (profile?.archived)
      throw new AppError(
        409,
        "profile_archived",
        "The session’s profile is archived. Bring it back, then move the session.",
      );
    const target = await holdTarget(tx, session, number ?? session.version);
    const added = await missingPaths(tx, id, target.versionId);
    const moved = await tx.$executeRaw`
      UPDATE sessions s SET status = 'resuming', moving_to_id = ${target.id}::uuid, worker_id = NULL, stop_reason = NULL, notice = NULL,
        failure_code = NULL, failure_message = NULL, stopped_at = NULL, expires_at = now() + make_interval(hours => p.session_hours)
      FROM profiles p WHERE s.id = ${id}::uuid AND p.id = s.profile_id AND s.persistent
        AND s.host_id = ${target.hostId}::uuid AND s.snapshot_id <> ${target.id}::uuid
        AND s.status IN ('running', 'stopped', 'expired', 'failed')`;
    const now = await getSession(id, tx);
    if (moved === 0) throw await refusal(tx, now, target);
    await makeVolumes(tx, id, added);
    await recordAudit(
      tx,
      actor,
      "session.move",
      { kind: "session", id },
      { from: session.snapshotId, to: target.id },
    );
    await wakeWorker(tx, id);
    return now;
  });
}

interface Target {
  id: string;
  number: number;
  versionId: string;
  hostId: string | null;
}

/** Held until the row names it: it isn't removed in between. */
async function holdTarget(tx: Tx, { profileId }: SessionWire, number: number): Promise<Target> {
  const [target] = await tx.$queryRaw<Target[]>`
    SELECT n.id, n.number, v.id AS "versionId", n.host_id AS "hostId"
    FROM versions v JOIN snapshots n ON n.id = v.serving_snapshot_id
    WHERE v.profile_id = ${profileId}::uuid AND v.number = ${number}::int AND v.state = 'published' AND n.status = 'ready'
    FOR SHARE OF n`;
  if (target) return target;
  if ((await tx.version.count({ where: { profileId, number, state: "published" } })) === 0)
    throw notFound("version");
  throw new AppError(
    409,
    "version_not_usable",
    `Version ${number} has no ready snapshot. Refresh it, then move the session.`,
  );
}

/** What the version names beyond what the session has: volumes of their own, filled from the new image. */
async function missingPaths(tx: Tx, sessionId: string, versionId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<Array<{ path: string }>>`
    SELECT p.path FROM versions v, jsonb_array_elements_text(COALESCE(v.spec->'persistentPaths', '[]')) AS p(path)
    WHERE v.id = ${versionId}::uuid`;
  const there = (await tx.sessionVolume.findMany({ where: { sessionId }, select: { path: true } })).map(
    ({ path }) => path,
  );
  const added = rows.map(({ path }) => path).filter((path) => !there.includes(path));
  const nested = nestedPath(there, added);
  if (nested)
    throw new AppError(
      409,
      "paths_overlap",
      `The version makes ${nested} persistent, which overlaps with a folder that the session keeps. Start another session.`,
    );
  return added;
}

async function refusal(tx: Tx, { name, status, id }: SessionWire, target: Target): Promise<AppError> {
  const { hostId, snapshotId } = await tx.session.findUniqueOrThrow({
    where: { id },
    select: { hostId: true, snapshotId: true },
  });
  if (hostId !== target.hostId)
    return new AppError(
      409,
      "other_host",
      `Snapshot #${target.number} is on another host than the session’s files. Refresh the version until one is ready there.`,
    );
  if (snapshotId === target.id)
    return new AppError(
      409,
      "newest_already",
      `The session ${name} is from snapshot #${target.number} already.`,
    );
  return new AppError(
    409,
    "not_movable",
    `The session ${name} can’t be moved while it is ${status}. Try again in a moment.`,
  );
}
