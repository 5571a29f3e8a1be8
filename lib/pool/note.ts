/** Why a pool isn't as large as it should be, in a sentence for people. Pure. */
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
  /** Why the last start failed. */
  error: string | null;
}

/** Null when all is well, or will be in a moment. */
export function poolNote(facts: PoolFacts): string | null {
  const { size, ready, host } = facts;
  if (size === 0 || ready >= size) return null;
  if (facts.archived) return "The profile is archived: none is kept. Bring it back first.";
  if (!facts.usable) return "No version can start sessions yet. They are started when a snapshot is ready.";
  if (!facts.working) return `No worker runs on ${host}. Start one.`;
  if (facts.engineAway)
    return `The container engine of ${host} doesn’t answer. They are started when it does.`;
  if (facts.diskLow)
    return `The disk of ${host} is nearly full: none is kept. Make room, then they are started.`;
  return facts.error === null ? null : `The last start failed: ${facts.error.replace(/\.?$/, ".")}`;
}
