/** What stands in the queue's own tables: the truth about jobs, without taking any. */
import { db } from "@/lib/db/client.server";
import { buildQueue, commandQueue, sessionQueue } from "@/lib/jobs/queues";

export interface QueuedJob {
  id: string;
  state: string;
  priority: number;
  data: unknown;
}

function jobsOf(queue: string, key: string, id: string): Promise<QueuedJob[]> {
  return db().$queryRaw`
    SELECT id, state::text AS state, priority, data FROM pgboss.job
    WHERE name = ${queue} AND data->>${key} = ${id} ORDER BY created_on, id`;
}

export const buildJobsOf = (snapshotId: string) => jobsOf(buildQueue, "snapshotId", snapshotId);
export const sessionJobsOf = (hostId: string, id: string) => jobsOf(sessionQueue(hostId), "sessionId", id);
export const commandJobsOf = (hostId: string, id: string) => jobsOf(commandQueue(hostId), "commandId", id);

/** Takes a build's job off the queue as a worker that then dies would: it is done, and nothing else happened. */
export async function finishBuildJobs(snapshotId: string): Promise<void> {
  await db().$executeRaw`
    UPDATE pgboss.job SET state = 'completed', completed_on = now()
    WHERE name = ${buildQueue} AND data->>'snapshotId' = ${snapshotId} AND state < 'completed'`;
}
