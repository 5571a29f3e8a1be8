/** What running sessions' containers may write. Their persistent folders are counted by themselves. */
import { db } from "@/lib/db/client.server";
import { enqueueSession } from "@/lib/jobs/boss.server";

/** So long a session that was started or resumed has to make room. */
const GRACE_MINUTES = 5;

export interface RunningContainer {
  id: string;
  containerId: string;
}

export async function listRunningContainers(hostId: string): Promise<RunningContainer[]> {
  return db().$queryRaw<RunningContainer[]>`
    SELECT id, container_id AS "containerId" FROM sessions
    WHERE host_id = ${hostId}::uuid AND status = 'running' AND container_id IS NOT NULL ORDER BY id`;
}

/**
 * Stops one that has written more than its version's disk limit: nothing is deleted, and whoever resumes it has a few
 * minutes to make room.
 * @param bytes what its container's own layer holds
 * @returns whether it is being stopped.
 */
export async function stopOverDisk(
  hostId: string,
  { id, containerId }: RunningContainer,
  bytes: number,
): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const stopped = await tx.$executeRaw`
      UPDATE sessions s SET status = 'stopping', notice = 'Stopped: it has written ' || ceil(${bytes}::float8 / 1048576) || ' MB, and may write '
        || l.limit_mb || ' MB. Nothing was deleted. Resume it and make room within ' || ${GRACE_MINUTES}::int || ' min, or start one from a version with more disk.'
      FROM (SELECT v.id, COALESCE((v.spec->'resources'->>'diskMb')::int, 10240) AS limit_mb FROM versions v) l
      WHERE l.id = s.version_id AND s.id = ${id}::uuid AND s.status = 'running' AND s.container_id = ${containerId}
        AND ${bytes}::float8 > l.limit_mb * 1048576.0
        AND s.started_at < now() - make_interval(mins => ${GRACE_MINUTES}::int)`;
    if (stopped === 1) await enqueueSession(tx, hostId, { sessionId: id });
    return stopped === 1;
  });
}
