/** A refresh that a hook asked for and that couldn't be queued at once: it isn't lost. */
import { Prisma, type Tx } from "@/lib/db/client.server";
import { type Actor, systemActor } from "@/lib/users/roles";

/** Whoever holds a hook's key has asked. */
export const hookActor = (name: string): Actor => ({ ...systemActor, name: `hook ${name}` });

/** The version of a profile that a hook refreshes: that of new sessions; the newest, while none is usable. */
export const newestVersion = (profileId: Prisma.Sql) => Prisma.sql`
  SELECT n.id FROM versions n WHERE n.profile_id = ${profileId} AND n.state = 'published'
  ORDER BY n.serving_snapshot_id IS NOT NULL DESC, n.number DESC LIMIT 1`;

/** Asked for twice, it is done once; the first one's name stays. */
export async function waitForTurn(tx: Tx, profileId: string, hook: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE profiles SET hook_waiting_since = COALESCE(hook_waiting_since, now()), hook_waiting_by = COALESCE(hook_waiting_by, ${hook})
    WHERE id = ${profileId}::uuid`;
}

export async function stopWaiting(tx: Tx, versionId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE profiles p SET hook_waiting_since = NULL, hook_waiting_by = NULL FROM versions v
    WHERE v.id = ${versionId}::uuid AND p.id = v.profile_id`;
}
