/**
 * What is kept of a log when its snapshot has ended: compressed parts. The oldest chunks go first, a part at a time, each
 * in one transaction under the snapshot's row; so it can be cut off and repeated anywhere.
 */
import type { PoolClient } from "pg";
import { db, pool } from "@/lib/db/client.server";
import { log } from "@/lib/log.server";
import { encodePart, type NumberedChunk, PART_BYTES } from "@/lib/logs/part";
import { keepOutline } from "./outline.server";

const CHUNKS_A_PART = 512;
/** More than the longest log has: a cap of 4 GiB in parts of 256 KiB. */
const MOST_PARTS = 20_000;

/** @returns how many parts it made. */
export async function compactLog(snapshotId: string): Promise<number> {
  await keepOutline(snapshotId);
  for (let parts = 0; parts < MOST_PARTS; parts += 1) if (!(await makePart(snapshotId))) return parts;
  return MOST_PARTS;
}

/** @returns false when there is nothing left to do, or somebody else is at it. */
async function makePart(snapshotId: string): Promise<boolean> {
  const connection = await pool().connect();
  // One that is lost between two of its statements fails the next one; without a listener it would end the process.
  const onLost = (error: Error) =>
    log.debug({ err: error }, "the connection was lost while a log was made small");
  connection.on("error", onLost);
  try {
    await connection.query("BEGIN");
    const isMade = await movePart(connection, snapshotId);
    await connection.query("COMMIT");
    connection.off("error", onLost);
    connection.release();
    return isMade;
  } catch (error) {
    // What was begun ends with its connection.
    connection.release(true);
    throw error;
  }
}

async function movePart(connection: PoolClient, snapshotId: string): Promise<boolean> {
  const { rowCount: held } = await connection.query(
    "SELECT 1 FROM snapshots WHERE id = $1 AND status NOT IN ('queued', 'running') FOR NO KEY UPDATE SKIP LOCKED",
    [snapshotId],
  );
  if (held === 0) return false;
  const { rows: chunks } = await connection.query<NumberedChunk>(
    `SELECT seq, attempt, first_line AS "firstLine", line_count AS "lineCount", step, at, data FROM (
      SELECT *, sum(COALESCE(bytes, octet_length(data))) OVER (ORDER BY seq) - COALESCE(bytes, octet_length(data)) AS before
      FROM (SELECT * FROM log_chunks WHERE snapshot_id = $1 ORDER BY seq LIMIT ${CHUNKS_A_PART}) oldest
    ) sized WHERE before < ${PART_BYTES} ORDER BY seq`,
    [snapshotId],
  );
  const first = chunks[0];
  const last = chunks.at(-1);
  if (!first || !last) return false;
  const lastLine = last.firstLine + last.lineCount - 1;
  await connection.query(
    "INSERT INTO log_parts (snapshot_id, first_seq, last_seq, first_line, last_line, data) VALUES ($1, $2, $3, $4, $5, $6)",
    [snapshotId, first.seq, last.seq, first.firstLine, lastLine, await encodePart(chunks)],
  );
  await connection.query("DELETE FROM log_chunks WHERE snapshot_id = $1 AND seq BETWEEN $2 AND $3", [
    snapshotId,
    first.seq,
    last.seq,
  ]);
  return true;
}

/** Snapshots that have ended and whose logs are still chunks: their worker was lost on the way. */
export async function listUncompacted(limit: number): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT s.id FROM snapshots s WHERE s.status NOT IN ('queued', 'running')
      AND s.id IN (SELECT DISTINCT snapshot_id FROM log_chunks) ORDER BY s.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
