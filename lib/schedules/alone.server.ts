/** One dispatcher at a time, over all workers: until the transaction's end. */
import type { Tx } from "@/lib/db/client.server";

/** Any number that nothing else here locks. */
const LOCK = 5_150_001;

/** @returns false when another one is at it. */
export async function isAlone(tx: Tx): Promise<boolean> {
  const [free] = await tx.$queryRaw<
    Array<{ mine: boolean }>
  >`SELECT pg_try_advisory_xact_lock(${LOCK}::bigint) AS mine`;
  return free?.mine === true;
}
