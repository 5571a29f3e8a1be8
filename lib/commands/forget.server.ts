/** What is left of commands that are over. */
import { db } from "@/lib/db/client.server";

/** Longer than a session may go without one: whether it is idle is read from them. */
const KEPT_DAYS = 8;
const FORGOTTEN_AT_ONCE = 1_000;

/** What somebody was to take goes soon, for whoever that was has gone; commands go later, with all that they printed. */
export async function forgetCommands(): Promise<void> {
  await db().$executeRaw`
    DELETE FROM command_chunks USING session_commands c
    WHERE c.id = command_chunks.command_id AND c.finished_at < now() - interval '10 minutes'`;
  await db().$executeRaw`
    DELETE FROM session_commands WHERE id IN (
      SELECT id FROM session_commands WHERE created_at < now() - make_interval(days => ${KEPT_DAYS}::int)
      LIMIT ${FORGOTTEN_AT_ONCE})`;
}
