/** Logs of snapshots that have ended: what their worker left as chunks is made small, and what is old goes. */
import { compactLog, listUncompacted } from "@/lib/snapshots/compact-log.server";
import { expireLogs } from "@/lib/snapshots/expire-log.server";

/** In one sweep; the next one goes on. */
const COMPACTED_AT_ONCE = 50;
const EXPIRED_ROUNDS = 50;

export async function tendLogs(): Promise<void> {
  for (const id of await listUncompacted(COMPACTED_AT_ONCE)) await compactLog(id);
  for (let round = 0; round < EXPIRED_ROUNDS && (await expireLogs()) > 0; round += 1);
}
