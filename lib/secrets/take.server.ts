/** What a build is given of the secrets that its version names: ciphertext, and a note of which revision it was. */
import { db } from "@/lib/db/client.server";
import type { Claim } from "@/lib/snapshots/log-store.server";

export interface SealedSecret {
  id: string;
  name: string;
  sealed: Uint8Array;
}

/**
 * Takes what is there and writes down which revision it is. The rows are held until that is committed: a
 * rotation waits, and then finds the note to mark. Safe to repeat.
 * @returns null when the claim is no longer valid (I4).
 */
export async function takeSecrets(claim: Claim, names: readonly string[]): Promise<SealedSecret[] | null> {
  return db().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<Array<SealedSecret & { revision: number }>>`
      SELECT id, name, sealed, revision FROM secrets WHERE name = ANY(${names}::text[]) ORDER BY name FOR SHARE`;
    const noted = await tx.$executeRaw`
      INSERT INTO snapshot_secrets (snapshot_id, name, secret_id, revision)
      SELECT s.id, secret.name, secret.id, secret.revision FROM secrets secret, snapshots s
      WHERE secret.name = ANY(${names}::text[]) AND s.id = ${claim.snapshotId}::uuid
        AND s.worker_id = ${claim.workerId}::uuid AND s.attempt = ${claim.attempt} AND s.status = 'running'
      ON CONFLICT (snapshot_id, name)
        DO UPDATE SET secret_id = EXCLUDED.secret_id, revision = EXCLUDED.revision, stale = false`;
    if (noted < rows.length) return null;
    return rows.map(({ id, name, sealed }) => ({ id, name, sealed }));
  });
}
