/**
 * Where every reader of a log gets its chunks: from the parts of a snapshot that has ended, then from the chunks that
 * no part holds yet. One statement reads both, so a chunk that moves meanwhile is seen once.
 */
import { db, pool } from "@/lib/db/client.server";
import { decodeLines } from "@/lib/logs/chunk";
import { decodePart, type NumberedChunk, PART_BYTES } from "@/lib/logs/part";
import type { LogLine } from "./wire";

export interface LogFrame {
  seq: number;
  attempt: number;
  firstLine: number;
  lines: LogLine[];
}

const PARTS_AT_ONCE = 2;
const CHUNKS_AT_ONCE = 64;
/** Of their text, beside the first one's. */
const BYTES_AT_ONCE = PARTS_AT_ONCE * PART_BYTES;

const READ = `
  WITH parts AS (
    SELECT last_seq, data FROM log_parts WHERE snapshot_id = $1::uuid AND last_seq > $2
    ORDER BY last_seq LIMIT $3
  ), chunks AS (
    SELECT *, sum(COALESCE(bytes, 0)) OVER (ORDER BY seq) - COALESCE(bytes, 0) AS before FROM (
      SELECT * FROM log_chunks WHERE snapshot_id = $1::uuid AND seq > $2 AND NOT EXISTS (SELECT 1 FROM parts)
      ORDER BY seq LIMIT ${CHUNKS_AT_ONCE}
    ) next
  )
  SELECT true AS "isPart", last_seq AS seq, 0 AS attempt, 0 AS "firstLine", 0 AS "lineCount", '' AS step, now() AS at, data FROM parts
  UNION ALL
  SELECT false, seq, attempt, first_line, line_count, step, at, data FROM chunks WHERE before < ${BYTES_AT_ONCE}
  ORDER BY seq`;

type Row = NumberedChunk & { isPart: boolean };

/** Some chunks after a cursor, oldest first; none when there are no more. */
export async function readStored(
  snapshotId: string,
  afterSeq: number,
  partsAtOnce = PARTS_AT_ONCE,
): Promise<NumberedChunk[]> {
  const { rows } = await pool().query<Row>({
    name: "kiln-read-log",
    text: READ,
    values: [snapshotId, afterSeq, partsAtOnce],
  });
  const chunks = await Promise.all(rows.map((row) => (row.isPart ? decodePart(row.data) : [row])));
  return chunks.flat().filter(({ seq }) => seq > afterSeq);
}

export function toFrame(chunk: NumberedChunk): LogFrame {
  const { seq, attempt, firstLine } = chunk;
  return { seq, attempt, firstLine, lines: decodeLines(chunk) };
}

/** The same as lines. */
export async function readFrames(snapshotId: string, afterSeq: number): Promise<LogFrame[]> {
  return (await readStored(snapshotId, afterSeq)).map(toFrame);
}

/** A cursor that lies before the first line greater than `line`, by one part or chunk at most. */
export async function cursorAtLine(snapshotId: string, line: number): Promise<number> {
  const rows = await db().$queryRaw<Array<{ seq: number | null }>>`
    SELECT GREATEST(
      (SELECT max(last_seq) FROM log_parts WHERE snapshot_id = ${snapshotId}::uuid AND last_line <= ${line}),
      (SELECT max(seq) FROM log_chunks WHERE snapshot_id = ${snapshotId}::uuid AND first_line + line_count - 1 <= ${line})
    ) AS seq`;
  return rows[0]?.seq ?? 0;
}
