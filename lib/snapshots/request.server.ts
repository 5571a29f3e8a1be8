/**
 * Asks for a snapshot of a published version. One transaction holds the row, its first log lines, the audit
 * entry and the queue entry (I2); a partial unique index lets at most one be active (I1), so that a second
 * request joins the first, however close they are.
 */

import { v7 as uuidv7 } from "uuid";
import { db, type Tx } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { raiseBuild } from "@/lib/jobs/order.server";
import { whereProfile } from "@/lib/profiles/slug";
import type { Actor } from "@/lib/users/roles";
import { type Lane, laneOf, PEOPLE } from "./lanes";
import { queueInserted } from "./queue.server";
import { activeStatuses } from "./state";
import { stepsOf } from "./steps";
import { getSnapshot } from "./store.server";
import type { SnapshotWire, Trigger } from "./wire";

export interface SnapshotRequest {
  versionId: string;
  trigger: Trigger;
  mode: "full" | "incremental";
  /** When a step fails, its container stays for a while. */
  keepOnFailure?: boolean;
  /** Nobody waits for it, though a person asked: it leaves the way to those that somebody waits for. */
  lane?: Lane;
}

/**
 * Refreshes a published version, found by profile (id or slug) and number. A full one begins at the base image and
 * does everything again; an incremental one is built upon the serving snapshot.
 */
export async function refreshVersion(
  actor: Actor,
  request: Omit<SnapshotRequest, "versionId"> & { profile: string; version: number },
): Promise<{ snapshot: SnapshotWire; joined: boolean }> {
  const version = await db().version.findFirst({
    where: {
      number: request.version,
      state: "published",
      profile: whereProfile(request.profile),
    },
    select: { id: true },
  });
  if (!version) throw notFound("version");
  return db().$transaction((tx) =>
    requestSnapshot(tx, actor, {
      versionId: version.id,
      trigger: request.trigger,
      mode: request.mode,
      keepOnFailure: request.keepOnFailure ?? false,
    }),
  );
}

/** Whoever joins a build that may fail and wants its container has the same right to it. */
export async function wishKept(tx: Tx, id: string): Promise<void> {
  await tx.snapshot.updateMany({
    where: { id, status: { in: activeStatuses }, keepOnFailure: false },
    data: { keepOnFailure: true },
  });
}

/** The same inside a caller's transaction: publishing uses it. */
export async function requestSnapshot(
  tx: Tx,
  actor: Actor,
  request: SnapshotRequest,
): Promise<{ snapshot: SnapshotWire; joined: boolean }> {
  // The lock orders the requests of one profile, so that numbers have no gaps.
  const [profile] = await tx.$queryRaw<
    Array<{ id: string; archived: boolean; spec: unknown; serving: string | null }>
  >`
    SELECT p.id, p.archived_at IS NOT NULL AS archived, v.spec, v.serving_snapshot_id AS serving FROM profiles p
    JOIN versions v ON v.profile_id = p.id WHERE v.id = ${request.versionId}::uuid FOR NO KEY UPDATE OF p`;
  if (!profile) throw notFound("version");
  if (profile.archived)
    throw new AppError(409, "profile_archived", "The profile is archived. Bring it back before you refresh.");
  const lane = request.lane ?? laneOf(request.trigger);
  const builtOn = request.mode === "incremental" ? profile.serving : null;
  if (request.mode === "incremental" && builtOn === null)
    throw new AppError(
      409,
      "no_serving_snapshot",
      "No snapshot of this version serves, so there is nothing to build upon. Refresh in full.",
    );
  // Publishing does only what is new; a refresh is about today's packages.
  const reuse = request.trigger === "publish" || request.trigger === "try";

  // The active one can end between the refused insert and the look at it; then the next try inserts.
  for (let tries = 0; tries < 3; tries += 1) {
    const [inserted] = await tx.$queryRaw<Array<{ id: string; number: number }>>`
      WITH counted AS (SELECT snapshot_count + 1 AS number FROM profiles WHERE id = ${profile.id}::uuid), row AS (
        INSERT INTO snapshots (id, profile_id, version_id, number, trigger, mode, reuse, built_on_id, keep_on_failure, requested_by_kind, requested_by_id, requested_by_name)
        SELECT ${uuidv7()}::uuid, ${profile.id}::uuid, ${request.versionId}::uuid, counted.number, ${request.trigger}, ${request.mode}, ${reuse}, ${builtOn}::uuid,
               ${request.keepOnFailure ?? false}, ${actor.kind}, ${actor.id}::uuid, ${actor.name}
        FROM counted
        ON CONFLICT (version_id) WHERE status IN ('queued', 'running') DO NOTHING
        RETURNING id, number
      ), moved AS (UPDATE profiles SET snapshot_count = row.number FROM row WHERE profiles.id = ${profile.id}::uuid)
      SELECT id, number FROM row`;
    if (inserted) {
      await queueInserted(tx, actor, {
        ...inserted,
        trigger: request.trigger,
        lane,
        steps: stepsOf(profile.spec, builtOn !== null),
      });
      return { snapshot: await getSnapshot(inserted.id, tx), joined: false };
    }
    const active = await tx.snapshot.findFirst({
      where: { versionId: request.versionId, status: { in: activeStatuses } },
      select: { id: true },
    });
    if (!active) continue;
    // Somebody waits for it from now on.
    if (lane === "people") await raiseBuild(tx, active.id, PEOPLE);
    if (request.keepOnFailure) await wishKept(tx, active.id);
    return { snapshot: await getSnapshot(active.id, tx), joined: true };
  }
  throw new AppError(503, "busy", "The version's snapshots are changing too fast. Try again.");
}
