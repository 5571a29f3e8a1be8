/** Why a pool isn't as large as it should be, in a sentence for people. Pure. */
import { warmFailure } from "@/lib/sandboxes/start-failure";

export interface PoolFacts {
  size: number;
  ready: number;
  archived: boolean;
  /** There is something to start from. */
  usable: boolean;
  /** Where that is. */
  host: string;
  diskLow: boolean;
  engineAway: boolean;
  /** A worker runs on that host. */
  working: boolean;
  /** Why the last start failed, as the engine says it. */
  error: string | null;
  /** When the next one is begun; of one that failed. */
  retryAt: string | null;
}

/** Null when all is well, or will be in a moment. */
export function poolNote(facts: PoolFacts): { note: string | null; retryAt: string | null } {
  const { size, ready, error, retryAt } = facts;
  if (ready >= size) return { note: null, retryAt: null };
  const inTheWay = obstacle(facts);
  if (inTheWay !== null || error === null) return { note: inTheWay, retryAt: null };
  return { note: warmFailure(error), retryAt };
}

/** What has to change before anything is started. */
function obstacle({ archived, usable, working, engineAway, diskLow, host }: PoolFacts): string | null {
  if (archived) return "The profile is archived: none is kept. Bring it back first.";
  if (!usable) return "No version can start sessions yet. They are started when a snapshot is ready.";
  if (!working) return `No worker runs on ${host}. Start one.`;
  if (engineAway) return `The container engine of ${host} doesn’t answer. They are started when it does.`;
  if (diskLow) return `The disk of ${host} is nearly full: none is kept. Make room, then they are started.`;
  return null;
}
