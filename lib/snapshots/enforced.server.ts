/** Asked and enforced are two facts: a cancellation is enforced when nothing of the build runs any more. */
import { db } from "@/lib/db/client.server";

/** Snapshots of a host that are cancelled, and of which nobody has seen that their containers are gone; with those that their steps name. */
export async function listUnenforced(hostId: string): Promise<Array<{ id: string; containers: string[] }>> {
  const rows = await db().snapshot.findMany({
    where: { hostId, status: "cancelled", cancelEnforcedAt: null },
    select: { id: true, steps: { select: { containerId: true } } },
    orderBy: { id: "asc" },
    take: 100,
  });
  return rows.map(({ id, steps }) => ({
    id,
    containers: steps.flatMap(({ containerId }) => containerId ?? []),
  }));
}

export async function recordEnforced(ids: readonly string[]): Promise<void> {
  await db().$executeRaw`
    UPDATE snapshots SET cancel_enforced_at = now()
    WHERE id = ANY(${ids}::uuid[]) AND status = 'cancelled' AND cancel_enforced_at IS NULL`;
}
