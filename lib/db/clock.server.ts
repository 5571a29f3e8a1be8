/**
 * What time it is by the database's clock, the only one that counts: a process's own may be wrong by minutes (F22), and
 * what it writes down is compared with what others wrote. Statements use now(); this is for times that they are given.
 */
import type { ClientBase } from "pg";

/** Less than this is the way there and back, and no reason to put a log's lines out of order. */
const TOLERATED_MS = 100;
/** An answer that took longer, because the process was frozen say, tells little. */
const SLOW_MS = 1_000;

interface Known {
  /** By the database's clock, when the process had run for `at` milliseconds. */
  now: number;
  at: number;
}

// A bundler makes several of this module; they share one pool, and what it was told.
const kept = globalThis as typeof globalThis & { kilnClock?: Known };

/** Asks over this connection. @throws what the connection throws */
export async function askForTime(client: ClientBase): Promise<void> {
  const asked = performance.now();
  const { rows } = await client.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  const answered = performance.now();
  const now = rows[0]?.now.getTime();
  if (now === undefined || (kept.kilnClock && answered - asked > SLOW_MS)) return;
  const at = (asked + answered) / 2;
  const off = kept.kilnClock && now - (kept.kilnClock.now + at - kept.kilnClock.at);
  if (off === undefined || Math.abs(off) > TOLERATED_MS) kept.kilnClock = { now, at };
}

/** Until it was asked for the first time: the process's own. */
export function databaseTime(): Date {
  const { kilnClock: known } = kept;
  return known ? new Date(known.now + performance.now() - known.at) : new Date();
}
