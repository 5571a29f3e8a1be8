/** What a worker writes down of a session: guarded moves only. */

import { db, Prisma } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";
import { enqueueSession } from "@/lib/jobs/boss.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { type SessionStatus, sourcesOf } from "./state";

export interface SessionPlan {
  id: string;
  name: string;
  status: SessionStatus;
  containerId: string | null;
  /** Why it is being stopped, when nobody asked for it. */
  stopReason: string | null;
  /** Who started it, or is at it. */
  workerId: string | null;
  versionId: string;
  persistent: boolean;
  /** It was given a sandbox that was started ahead, and no worker has looked at that since. */
  untried: boolean;
  /** Its container is to be replaced by one from there. */
  movingTo: { snapshotId: string; number: number; imageId: string | null; spec: Spec } | null;
  snapshotId: string;
  /** Null when the snapshot's image is gone. */
  imageId: string | null;
  spec: Spec;
}

/** What a worker needs to carry a session out; null when there is no such row. */
export async function readSessionPlan(id: string): Promise<SessionPlan | null> {
  const row = await db().session.findUnique({
    where: { id },
    include: {
      version: { select: { spec: true } },
      snapshot: { select: { imageId: true, imageReference: true } },
      warm: { select: { status: true } },
      movingTo: { select: { id: true, number: true, imageId: true, version: { select: { spec: true } } } },
    },
  });
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    containerId: row.containerId,
    stopReason: row.stopReason,
    workerId: row.workerId,
    versionId: row.versionId,
    persistent: row.persistent,
    untried: row.warm?.status === "claimed",
    movingTo: row.movingTo && {
      snapshotId: row.movingTo.id,
      number: row.movingTo.number,
      imageId: row.movingTo.imageId,
      spec: specSchema.parse(row.movingTo.version.spec),
    },
    snapshotId: row.snapshotId,
    imageId: row.snapshot.imageId,
    spec: specSchema.parse(row.version.spec),
  };
}

/**
 * @param facts.by moves it only while this worker is the one that starts it: one that was taken for lost and
 * comes back writes nothing, and what fails because it is being stopped is no failure.
 * @param facts.seen moves it only while it is as it was when somebody looked at it: a look may be old.
 * @returns false when its state doesn't allow the move any more.
 */
export async function moveSession(
  id: string,
  to: SessionStatus,
  facts: {
    by?: string;
    seen?: { status: SessionStatus; containerId: string | null };
    workerId?: string | null;
    containerId?: string;
    failure?: { code: string; message: string };
    notice?: string;
  } = {},
): Promise<boolean> {
  if (to === "running") return startRunning(id, facts);
  const { by, seen } = facts;
  const sources = sourcesOf(to).filter(
    (status) => (!by || status === "starting") && (!seen || status === seen.status),
  );
  const { count } = await db().session.updateMany({
    where: {
      ...{ id, status: { in: sources } },
      ...(by ? { workerId: by } : {}),
      ...(seen ? { containerId: seen.containerId } : {}),
    },
    data: {
      status: to,
      ...(facts.workerId === undefined ? {} : { workerId: facts.workerId }),
      ...(facts.containerId ? { containerId: facts.containerId } : {}),
      ...(facts.notice ? { notice: facts.notice } : {}),
      ...(facts.failure ? { failureCode: facts.failure.code, failureMessage: facts.failure.message } : {}),
      ...(to === "stopped" || to === "expired" || to === "failed"
        ? { stoppedAt: databaseTime(), stopClaimedUntil: null }
        : {}),
    },
  });
  return count === 1;
}

/** One statement: a start is waited for. The moment of the first one stays. One that is being moved runs when its new container does. */
async function startRunning(
  id: string,
  { by, containerId }: { by?: string; containerId?: string },
): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions SET status = 'running', started_at = now(), first_started_at = COALESCE(first_started_at, now()),
      container_id = COALESCE(${containerId ?? null}, container_id)
    WHERE id = ${id}::uuid AND status::text = ANY(${sourcesOf("running")}::text[]) AND moving_to_id IS NULL
      AND (${by ?? null}::uuid IS NULL OR worker_id = ${by ?? null}::uuid)`;
  return count === 1;
}

/** Longer than an engine that answers takes for a stop, or for one container in another's place. */
const CLAIM_SECONDS = 60;

/**
 * Whoever has the claim stops the container, and nobody else: one that came late would stop it when its session runs again.
 * A move claims it, too, for as long as it takes: it stops the container before it puts another one in its place.
 * @param claim the delivery's own; with it the claim is safe to repeat
 * @returns false when that isn't what is to be done any more, or another delivery has the claim.
 */
export async function claimContainer(
  { id, containerId, movingTo }: SessionPlan,
  what: "stop" | "move",
  claim: string,
): Promise<boolean> {
  const due =
    what === "stop"
      ? Prisma.sql`status = 'stopping'`
      : Prisma.sql`status = 'resuming' AND moving_to_id = ${movingTo?.snapshotId ?? null}::uuid`;
  const claimed = await db().$executeRaw`
    UPDATE sessions SET stop_claim = ${claim}::uuid, stop_claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
    WHERE id = ${id}::uuid AND ${due} AND container_id IS NOT DISTINCT FROM ${containerId}
      AND (stop_claimed_until IS NULL OR stop_claimed_until < now() OR stop_claim = ${claim}::uuid)`;
  return claimed === 1;
}

/** It couldn't be stopped, or the move is over: the next delivery goes on at once. */
export async function releaseContainer(id: string, claim: string): Promise<void> {
  await db().$executeRaw`
    UPDATE sessions SET stop_claimed_until = NULL WHERE id = ${id}::uuid AND stop_claim = ${claim}::uuid`;
}

export interface HostSession {
  id: string;
  persistent: boolean;
  /** A second container is being made for it. */
  moving: boolean;
  status: SessionStatus;
  containerId: string | null;
  /** Its time is up. */
  expired: boolean;
  /** Nobody has run anything in it for so many minutes, which is as long as its profile allows; null while that isn't so. */
  idleMinutes: number | null;
  /** It has been running for a minute. */
  settled: boolean;
  /** As in its plan. */
  untried: boolean;
}

/**
 * Of the rows `s` and `p`: it was started, and last used, longer ago than its profile lets it be without use. A command without
 * an end counts for as long as it may run: its worker may have been lost.
 */
const isIdle = Prisma.sql`s.started_at < now() - make_interval(mins => p.session_idle_minutes)
  AND NOT EXISTS (SELECT 1 FROM session_commands c WHERE c.session_id = s.id AND NOT c.passive
    AND COALESCE(c.finished_at, c.created_at + make_interval(secs => c.timeout_seconds)) > now() - make_interval(mins => p.session_idle_minutes))
  AND NOT EXISTS (SELECT 1 FROM terminals t WHERE t.session_id = s.id AND t.used_at > now() - make_interval(mins => p.session_idle_minutes))
  AND NOT EXISTS (SELECT 1 FROM session_previews v WHERE v.session_id = s.id AND v.used_at > now() - make_interval(mins => p.session_idle_minutes))`;

/** Sessions of a host that have, or will have, a container. */
export async function listHostSessions(hostId: string): Promise<HostSession[]> {
  return db().$queryRaw`
    SELECT s.id, s.persistent, (s.moving_to_id IS NOT NULL AND s.status = 'resuming') AS moving, s.status::text AS status, s.container_id AS "containerId", s.expires_at < now() AS expired,
      CASE WHEN s.status = 'running' AND ${isIdle} THEN p.session_idle_minutes END AS "idleMinutes",
      COALESCE(s.started_at < now() - interval '1 minute', false) AS settled,
      EXISTS (SELECT 1 FROM warm_sandboxes w WHERE w.session_id = s.id AND w.status = 'claimed') AS untried
    FROM sessions s JOIN profiles p ON p.id = s.profile_id
    WHERE s.host_id = ${hostId}::uuid AND s.status NOT IN ('deleted', 'failed')`;
}

/** Stops one whose time is up, or that nobody uses. @returns false when it was kept longer, or used, since somebody saw that. */
export async function stopDue(id: string): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions s SET status = 'stopping', stop_reason = CASE WHEN s.expires_at < now() THEN 'expired' END,
      notice = CASE WHEN s.expires_at < now() THEN s.notice ELSE 'Stopped after ' || p.session_idle_minutes || ' min without use.' END
    FROM profiles p WHERE s.id = ${id}::uuid AND p.id = s.profile_id AND s.status = 'running' AND (s.expires_at < now() OR (${isIdle}))`;
  return count === 1;
}

/** Its container was found ended, and was started again. @returns false when it isn't to run any more. */
export async function noteRestart(id: string, containerId: string, notice: string): Promise<boolean> {
  const count = await db().$executeRaw`
    UPDATE sessions SET started_at = now(), notice = ${notice}
    WHERE id = ${id}::uuid AND status = 'running' AND container_id = ${containerId}`;
  return count === 1;
}

/** Those of a host that nobody has taken up again for longer than they are kept; never a persistent one. Their containers go with the next sweep. */
export async function deleteForgotten(hostId: string): Promise<void> {
  await db().$executeRaw`
    UPDATE sessions SET status = 'deleted' WHERE host_id = ${hostId}::uuid AND status IN ('stopped', 'expired')
      AND NOT persistent AND stopped_at < now() - make_interval(secs => ${env().KILN_SESSION_DAYS * 86_400}::float8)`;
}

/**
 * Sends every session of the host that waits for a worker once more: its job may have been lost with one.
 * @param self the worker that asks, and the sessions that it is starting right now: what the rows give it
 * beyond those was lost on the way.
 */
export async function resendWaitingSessions(
  hostId: string,
  self: { workerId: string; starting: ReadonlySet<string> },
): Promise<void> {
  await db().$transaction(async (tx) => {
    const waiting = await tx.$queryRaw<Array<{ id: string }>>`
      SELECT s.id FROM sessions s LEFT JOIN workers w ON w.id = s.worker_id
      WHERE s.host_id = ${hostId}::uuid
        AND ((s.status IN ('queued', 'stopping', 'resuming') AND s.created_at < now() - interval '15 seconds')
          OR (s.status = 'starting' AND (w.id IS NULL OR w.status = 'stopped' OR w.seen_at < now() - make_interval(secs => ${env().KILN_LEASE_SECONDS}::float8)
            OR (w.id = ${self.workerId}::uuid AND NOT s.id = ANY(${[...self.starting]}::uuid[])))))
      ORDER BY s.id LIMIT 100 FOR UPDATE OF s SKIP LOCKED`;
    for (const { id } of waiting) {
      await tx.session.updateMany({
        where: { id, status: "starting" },
        data: { status: "queued", workerId: null },
      });
      await enqueueSession(tx, hostId, { sessionId: id });
    }
  });
}
