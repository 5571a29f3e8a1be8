/** What a worker writes down of a session: guarded moves only. */

import { z } from "zod";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { enqueueSession } from "@/lib/jobs/boss.server";
import { type Spec, specSchema } from "@/lib/profiles/spec";
import { type SessionStatus, sourcesOf } from "./state";

const envSchema = z.record(z.string(), z.string());

export interface SessionPlan {
  id: string;
  name: string;
  status: SessionStatus;
  containerId: string | null;
  /** Who started it, or is at it. */
  workerId: string | null;
  versionId: string;
  /** Null when the snapshot's image is gone. */
  imageId: string | null;
  spec: Spec;
  env: Record<string, string>;
}

/** What a worker needs to carry a session out; null when there is no such row. */
export async function readSessionPlan(id: string): Promise<SessionPlan | null> {
  const row = await db().session.findUnique({
    where: { id },
    include: {
      version: { select: { spec: true } },
      snapshot: { select: { imageId: true, imageReference: true } },
    },
  });
  if (!row) return null;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    containerId: row.containerId,
    workerId: row.workerId,
    versionId: row.versionId,
    imageId: row.snapshot.imageId,
    spec: specSchema.parse(row.version.spec),
    env: envSchema.parse(row.env),
  };
}

/**
 * @param facts.by moves it only while this worker is the one that starts it: one that was taken for lost and
 * comes back writes nothing.
 * @returns false when its state doesn't allow the move any more.
 */
export async function moveSession(
  id: string,
  to: SessionStatus,
  facts: {
    by?: string;
    workerId?: string | null;
    containerId?: string;
    failure?: { code: string; message: string };
  } = {},
): Promise<boolean> {
  const { count } = await db().session.updateMany({
    where: { id, status: { in: sourcesOf(to) }, ...(facts.by ? { workerId: facts.by } : {}) },
    data: {
      status: to,
      ...(facts.workerId === undefined ? {} : { workerId: facts.workerId }),
      ...(facts.containerId ? { containerId: facts.containerId } : {}),
      ...(facts.failure ? { failureCode: facts.failure.code, failureMessage: facts.failure.message } : {}),
      ...(to === "running" ? { startedAt: new Date() } : {}),
      ...(to === "stopped" || to === "failed" ? { stoppedAt: new Date() } : {}),
    },
  });
  return count === 1;
}

export interface HostSession {
  id: string;
  status: SessionStatus;
  containerId: string | null;
  /** Its time is up. */
  expired: boolean;
}

/** Sessions of a host that aren't over. */
export async function listHostSessions(hostId: string): Promise<HostSession[]> {
  return db().$queryRaw`
    SELECT id, status::text AS status, container_id AS "containerId", expires_at < now() AS expired FROM sessions
    WHERE host_id = ${hostId}::uuid AND status NOT IN ('deleted', 'stopped', 'failed')`;
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
        AND ((s.status IN ('queued', 'stopping') AND s.created_at < now() - interval '15 seconds')
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
