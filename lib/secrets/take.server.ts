/** What a build is given of the secrets that its version names: ciphertext, and a note of which revision it was. */
import { db } from "@/lib/db/client.server";
import type { Claim } from "@/lib/snapshots/log-store.server";

export interface SealedSecret {
  id: string;
  name: string;
  sealed: Uint8Array;
  /** Another one for each value that it has had. */
  revision: string;
}

export interface Taken {
  secrets: SealedSecret[];
  /** It was begun with other values, which nobody has any more. */
  changed: boolean;
}

/**
 * Takes what is there and writes down which revision it is. The rows are held until that is committed: a
 * rotation waits, and then finds the note to mark. Safe to repeat.
 * @returns null when the claim is no longer valid (I4).
 */
export async function takeSecrets(claim: Claim, names: readonly string[]): Promise<Taken | null> {
  return db().$transaction(async (tx) => {
    const rows = await tx.$queryRaw<Array<Omit<SealedSecret, "revision"> & { revision: number; changed: boolean }>>`
      SELECT s.id, s.name, s.sealed, s.revision, COALESCE(t.secret_id <> s.id OR t.revision <> s.revision, false) AS changed
      FROM secrets s LEFT JOIN snapshot_secrets t ON t.snapshot_id = ${claim.snapshotId}::uuid AND t.name = s.name
      WHERE s.name = ANY(${names}::text[]) ORDER BY s.name FOR SHARE OF s`;
    const noted = await tx.$executeRaw`
      INSERT INTO snapshot_secrets (snapshot_id, name, secret_id, revision)
      SELECT s.id, secret.name, secret.id, secret.revision FROM secrets secret, snapshots s
      WHERE secret.name = ANY(${names}::text[]) AND s.id = ${claim.snapshotId}::uuid
        AND s.worker_id = ${claim.workerId}::uuid AND s.fence = ${claim.fence} AND s.status = 'running'
      ON CONFLICT (snapshot_id, name)
        DO UPDATE SET secret_id = EXCLUDED.secret_id, revision = EXCLUDED.revision, stale = false`;
    if (noted < rows.length) return null;
    return {
      secrets: rows.map(({ id, name, sealed, revision }) => ({
        id,
        name,
        sealed,
        revision: `${id}:${revision}`,
      })),
      changed: rows.some(({ changed }) => changed),
    };
  });
}
