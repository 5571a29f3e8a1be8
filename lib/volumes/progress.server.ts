/** What a worker measures of volumes, what it does about those that hold too much, and which of them are needed. */
import { db } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";

/** So long a resumed session has to make room. */
const GRACE_MINUTES = 5;

/** Does one run, or has one run since it was measured? Looking is dear. */
export async function needMeasuring(hostId: string): Promise<boolean> {
  const [row] = await db().$queryRaw<Array<{ due: boolean }>>`
    SELECT EXISTS (
      SELECT 1 FROM session_volumes v JOIN sessions s ON s.id = v.session_id
      WHERE s.host_id = ${hostId}::uuid AND s.status <> 'deleted' AND v.state = 'live'
        AND (s.status = 'running' OR v.measured_at IS NULL OR s.stopped_at > v.measured_at)
    ) AS due`;
  return row?.due ?? false;
}

/** @param bytes by volume. One that the engine doesn't count keeps what it had. */
export async function recordVolumeSizes(hostId: string, bytes: ReadonlyMap<string, number>): Promise<void> {
  const measured = JSON.stringify([...bytes].map(([volume, size]) => ({ volume, size })));
  await db().$executeRaw`
    UPDATE session_volumes v SET measured_at = now(), bytes = m.size
    FROM sessions s, jsonb_to_recordset(${measured}::jsonb) AS m(volume text, size bigint)
    WHERE s.id = v.session_id AND s.host_id = ${hostId}::uuid AND m.volume = v.volume`;
}

/**
 * Stops those that hold more than their version's disk limit: nothing is deleted, and whoever resumes one has a few
 * minutes to make room. @returns their ids.
 */
export async function stopOverfull(hostId: string): Promise<string[]> {
  return db().$transaction(async (tx) => {
    const stopped = await tx.$queryRaw<Array<{ id: string }>>`
      UPDATE sessions s SET status = 'stopping', notice = 'Stopped: its persistent folders hold '
        || ceil(u.bytes / 1048576.0) || ' MB, and may hold ' || u.limit_mb || ' MB. Nothing was deleted. Resume it and make room within '
        || ${GRACE_MINUTES}::int || ' min, or move it to a version with more disk.'
      FROM (SELECT v.session_id, sum(v.bytes) AS bytes, COALESCE((n.spec->'resources'->>'diskMb')::int, 10240) AS limit_mb
        FROM session_volumes v JOIN sessions t ON t.id = v.session_id JOIN versions n ON n.id = t.version_id
        WHERE t.host_id = ${hostId}::uuid AND t.status = 'running' GROUP BY v.session_id, n.spec) u
      WHERE s.id = u.session_id AND s.status = 'running' AND u.bytes > u.limit_mb * 1048576.0
        AND s.started_at < now() - make_interval(mins => ${GRACE_MINUTES}::int)
      RETURNING s.id`;
    for (const { id } of stopped) await enqueueSession(tx, hostId, { sessionId: id });
    return stopped.map(({ id }) => id);
  });
}

/** By volume: why it isn't needed, or null when it is. Nothing for one that no row names. */
export async function readVolumeNeeds(
  volumes: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  if (volumes.length === 0) return new Map();
  const rows = await db().sessionVolume.findMany({
    where: { volume: { in: [...volumes] } },
    select: { volume: true, state: true, session: { select: { status: true } } },
  });
  return new Map(
    rows.map(({ volume, state, session }) => [
      volume,
      session.status === "deleted"
        ? "its session is deleted"
        : state === "archived"
          ? "its files are in an archive, which was read again"
          : null,
    ]),
  );
}

/** Sessions whose files are being archived or restored: a container is open for that. */
export async function readBusySessions(): Promise<ReadonlySet<string>> {
  const rows = await db().sessionVolume.findMany({
    where: { state: { in: ["archiving", "restoring"] }, session: { status: { not: "deleted" } } },
    select: { sessionId: true },
  });
  return new Set(rows.map(({ sessionId }) => sessionId));
}
