/** What is known of what comes, for any number of schedules in two queries. */

import { db, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { type Blackouts, readBlackouts } from "./blackout.server";
import { type Estimate, estimatesOf } from "./estimates.server";

export interface Outlook {
  blackouts: Blackouts;
  estimates: Map<string, Estimate>;
}

/** Of the versions that have a schedule; without any, nothing is asked. */
export async function outlookOf(
  schedules: ReadonlyArray<{ versionId: string } | null>,
  tx: Tx = db(),
): Promise<Outlook> {
  const ids = schedules.flatMap((schedule) => (schedule ? [schedule.versionId] : []));
  if (ids.length === 0) return { blackouts: { windows: [], now: databaseTime() }, estimates: new Map() };
  return { blackouts: await readBlackouts(tx), estimates: await estimatesOf(ids, tx) };
}
