/** What a worker sees of the sandboxes that wait on its host. */
import { db, Prisma } from "@/lib/db/client.server";
import { failed } from "./refill.server";
import { targetsOf } from "./target.server";

const MEASURE_SECONDS = 30;

/** One that ends so soon after its start will do so again. */
const EARLY_SECONDS = 60;

/** Is there anything to do for pools on this host? Most have none, and their engine needn't be asked. */
export async function hasPools(hostId: string): Promise<boolean> {
  const [row] = await db().$queryRaw<Array<{ there: boolean }>>(Prisma.sql`
    SELECT EXISTS (SELECT 1 FROM warm_sandboxes w WHERE w.host_id = ${hostId}::uuid) OR EXISTS (${targetsOf(hostId)}) AS there`);
  return row?.there ?? false;
}

export interface Waiting {
  id: string;
  containerId: string;
  /** Nobody has measured it of late. */
  dueMeasure: boolean;
}

/** Those that a session could take, if they run. */
export async function listWaiting(hostId: string): Promise<Waiting[]> {
  return db().$queryRaw`
    SELECT w.id, w.container_id AS "containerId",
      l.measured_at IS NULL OR l.measured_at < now() - make_interval(secs => ${MEASURE_SECONDS}::float8) AS "dueMeasure"
    FROM warm_sandboxes w JOIN warm_looks l ON l.id = w.id
    WHERE w.host_id = ${hostId}::uuid AND w.status = 'ready' ORDER BY w.id`;
}

/** They run. A pool that has such ones, all started since its last failure, is well again. */
export async function recordChecked(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db().$executeRaw`UPDATE warm_looks SET checked_at = now() WHERE id = ANY(${[...ids]}::uuid[])`;
  await db().$executeRaw`
    DELETE FROM warm_pool_failures f USING warm_sandboxes w
    WHERE w.snapshot_id = f.snapshot_id AND w.id = ANY(${[...ids]}::uuid[])
      AND w.ready_at BETWEEN f.retry_at AND now() - make_interval(secs => ${EARLY_SECONDS}::float8)`;
}

/**
 * They have ended, or are gone, and nobody has taken them: others take their place.
 * @param faultless those of them that something else ended, as the engine's restart does: a next one needn't end, too
 */
export async function retireDead(ids: readonly string[], faultless: readonly string[] = []): Promise<void> {
  if (ids.length === 0) return;
  await db().$transaction(async (tx) => {
    const dead = await tx.$queryRaw<Array<{ profileId: string; snapshotId: string; early: boolean }>>`
      UPDATE warm_sandboxes SET status = 'retiring' WHERE id = ANY(${[...ids]}::uuid[]) AND status = 'ready'
      RETURNING profile_id AS "profileId", snapshot_id AS "snapshotId",
        ready_at > now() - make_interval(secs => ${EARLY_SECONDS}::float8) AND NOT id = ANY(${[...faultless]}::uuid[]) AS early`;
    const early = dead.filter((one) => one.early);
    if (early.length > 0)
      await tx.$executeRaw(
        failed(early, "It ended soon after its start. Start a session by hand, and look at its log."),
      );
  });
}

export interface Measured {
  id: string;
  memoryBytes: number;
  /** Processor time since its start. */
  cpuSeconds: number;
}

/** Of late is since the measurement before, or since its start. */
export async function recordUse(measured: readonly Measured[]): Promise<void> {
  if (measured.length === 0) return;
  await db().$executeRaw`
    UPDATE warm_looks l SET memory_bytes = m."memoryBytes", cpu_seconds = m."cpuSeconds", measured_at = now(),
      cpu_share = GREATEST(0, m."cpuSeconds" - COALESCE(l.cpu_seconds, 0))
        / GREATEST(1, extract(epoch FROM now() - COALESCE(l.measured_at, w.ready_at))::float8)
    FROM jsonb_to_recordset(${JSON.stringify(measured)}::jsonb) AS m(id uuid, "memoryBytes" bigint, "cpuSeconds" float8)
    JOIN warm_sandboxes w ON w.id = m.id WHERE l.id = m.id AND w.status = 'ready'`;
}
