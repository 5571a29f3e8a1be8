/**
 * The only writer of log chunks. I9: `seq` is given by one writer at a time without gaps, so a reader's
 * cursor can't skip a row; every append moves the snapshot's counters in the same statement.
 */

import { db, pool, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { decodeLines, type Packed, packLines } from "@/lib/logs/chunk";
import { marksOfChunk } from "@/lib/logs/chunk-marks";
import type { LogTail } from "./wire";

/** I4: who may write. Worker and fence are the token: whoever lost its lease matches no row any more. */
export interface Claim {
  snapshotId: string;
  workerId: string;
  /** Counts the claims of a snapshot, also those that go on with what another worker began. */
  fence: number;
  /** How often the build was begun. */
  attempt: number;
}

export interface Append extends Packed {
  /** Exactly one more than the last chunk's. */
  seq: number;
  firstLine: number;
  step: string;
  /** Lines that aren't complete after these, as they look now. */
  tail?: readonly LogTail[];
}

const APPEND = `
  WITH fence AS (
    UPDATE snapshots
    SET log_seq = $5, log_lines = log_lines + $7, log_bytes = log_bytes + $10, log_last_line = $13, log_tail = $14::jsonb
    WHERE id = $1::uuid AND worker_id = $2::uuid AND fence = $3 AND status = 'running' AND log_seq = $5::int - 1
    RETURNING id
  ), chunk AS (
    INSERT INTO log_chunks (snapshot_id, seq, attempt, first_line, line_count, step, at, bytes, stdout_lines, stderr_lines, data, marks)
    SELECT id, $5, $4, $6, $7, $8, $9, $10, $11, $12, $15, $16::jsonb FROM fence RETURNING snapshot_id
  )
  SELECT pg_notify('kiln', json_build_object('kind', 'log', 'id', snapshot_id::text)::text) FROM chunk`;

/**
 * Appends one chunk under a claim, and announces it.
 * @returns false when the claim is no longer valid; nothing was written then. Safe to repeat after a
 * failure of unknown outcome: a chunk that is there already counts as written (F15).
 */
export async function appendChunk(claim: Claim, append: Append): Promise<boolean> {
  const {
    seq,
    firstLine,
    step,
    at,
    count,
    stdoutLines,
    stderrLines,
    bytes,
    lastLine,
    data,
    tail = [],
  } = append;
  const marks = marksOfChunk({ firstLine, step, at: new Date(at), data });
  const written = await pool().query({
    name: "kiln-append-chunk",
    text: APPEND,
    values: [
      claim.snapshotId,
      claim.workerId,
      claim.fence,
      claim.attempt,
      seq,
      firstLine,
      count,
      step,
      new Date(at),
      bytes,
      stdoutLines,
      stderrLines,
      lastLine,
      JSON.stringify(tail),
      data,
      marks.length > 0 ? JSON.stringify(marks) : null,
    ],
  });
  if (written.rowCount === 1) return true;
  const there = await db().logChunk.findFirst({
    where: {
      snapshotId: claim.snapshotId,
      seq,
      attempt: claim.attempt,
      snapshot: { workerId: claim.workerId, fence: claim.fence, status: "running" },
    },
    select: { seq: true },
  });
  return there !== null;
}

/** Tells how the lines look that aren't complete. Nothing of it is part of the log. */
export async function tellTail(claim: Claim, tail: readonly LogTail[]): Promise<void> {
  await db().$executeRaw`
    WITH told AS (
      UPDATE snapshots SET log_tail = ${JSON.stringify(tail)}::jsonb
      WHERE id = ${claim.snapshotId}::uuid AND worker_id = ${claim.workerId}::uuid AND fence = ${claim.fence} AND status = 'running'
      RETURNING id
    )
    SELECT pg_notify('kiln', json_build_object('kind', 'log', 'id', id::text)::text) FROM told`;
}

/**
 * Appends Kiln's own words as part of a change of state: when a snapshot is queued, cancelled, handed back
 * or given up. The caller's transaction has changed the row already, so no worker writes at the same time.
 */
export async function appendSystemLines(
  tx: Tx,
  snapshotId: string,
  texts: string[],
  step = "kiln",
): Promise<void> {
  if (texts.length === 0) return;
  const now = databaseTime().getTime();
  const lines = texts.flatMap((text) => text.split("\n"));
  const { count, bytes, lastLine, data } = packLines(
    lines.map((text) => ({ stream: "system", at: now, text })),
  );
  await tx.$executeRaw`
    WITH counted AS (
      UPDATE snapshots
      SET log_seq = log_seq + 1, log_lines = log_lines + ${count}, log_bytes = log_bytes + ${bytes},
          log_last_line = ${lastLine}
      WHERE id = ${snapshotId}::uuid
      RETURNING id, log_seq, log_lines, attempt
    )
    INSERT INTO log_chunks (snapshot_id, seq, attempt, first_line, line_count, step, at, bytes, data)
    SELECT id, log_seq, attempt, log_lines - ${count} + 1, ${count}, ${step}, ${new Date(now)}, ${bytes}, ${data}
    FROM counted`;
  await tx.$executeRaw`SELECT pg_notify('kiln', json_build_object('kind', 'log', 'id', ${snapshotId}::text)::text)`;
}

const TAIL_CHUNKS = 4;
const TAIL_LINES = 40;

/** The last lines that a step's own commands printed, oldest first. */
export async function readLastOutput(tx: Tx, snapshotId: string, step: string): Promise<string[]> {
  const rows = await tx.logChunk.findMany({
    where: { snapshotId, step },
    orderBy: { seq: "desc" },
    take: TAIL_CHUNKS,
  });
  const lines = rows.toReversed().flatMap((row) => decodeLines(row));
  return lines
    .filter(({ stream }) => stream !== "system")
    .slice(-TAIL_LINES)
    .map(({ text }) => text);
}
