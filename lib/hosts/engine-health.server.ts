/** The only writer of what workers see of their engine. Only the database's clock counts. */
import { db } from "@/lib/db/client.server";

/** It answered: whatever was wrong with it is over. */
export async function recordEngineSeen(hostId: string): Promise<void> {
  await db().$executeRaw`
    UPDATE hosts SET engine_seen_at = now(), engine_error = NULL, engine_away_since = NULL WHERE id = ${hostId}::uuid`;
}

/** It didn't; since when stays what it was at the first time. */
export async function recordEngineAway(hostId: string, error: string): Promise<void> {
  await db().$executeRaw`
    UPDATE hosts SET engine_error = ${error}, engine_away_since = COALESCE(engine_away_since, now()) WHERE id = ${hostId}::uuid`;
}
