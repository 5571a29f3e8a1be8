/**
 * What is kept of a log when its snapshot has ended: compressed parts. The oldest chunks go first, a part at a time, each
 * in one transaction under the snapshot's row; so it can be cut off and repeated anywhere.
 */
import { db } from "@/lib/db/client.server";
import { encodePart, type NumberedChunk, PART_BYTES } from "@/lib/logs/part";

const CHUNKS_A_PART = 512;
/** More than the longest log has: a cap of 4 GiB in parts of 256 KiB. */
const MOST_PARTS = 20_000;

/** @returns how many parts it made. */
export async function compactLog(snapshotId: string): Promise<number> {
  for (let parts = 0; parts < MOST_PARTS; parts += 1) if (!(await makePart(snapshotId))) return parts;
  return MOST_PARTS;
}

/** @returns false when there is nothing left to do, or somebody else is at it. */
async function makePart(snapshotId: string): Promise<boolean> {
  return db().$transaction(async (tx) => {
    const held = await tx.$queryRaw<unknown[]>`
      SELECT id FROM snapshots WHERE id = ${snapshotId}::uuid AND status NOT IN ('queued', 'running') FOR NO KEY UPDATE SKIP LOCKED`;
    if (held.length === 0) return false;
    const chunks = await tx.$queryRaw<NumberedChunk[]>`
      SELECT seq, attempt, first_line AS "firstLine", line_count AS "lineCount", step, at, data FROM (
        SELECT *, sum(COALESCE(bytes, octet_length(data))) OVER (ORDER BY seq) - COALESCE(bytes, octet_length(data)) AS before FROM (
          SELECT * FROM log_chunks WHERE snapshot_id = ${snapshotId}::uuid ORDER BY seq LIMIT ${CHUNKS_A_PART}
        ) oldest
      ) sized WHERE before < ${PART_BYTES} ORDER BY seq`;
    const first = chunks[0];
    const last = chunks.at(-1);
    if (!first || !last) return false;
    await tx.logPart.create({
      data: {
        snapshotId,
        firstSeq: first.seq,
        lastSeq: last.seq,
        firstLine: first.firstLine,
        lastLine: last.firstLine + last.lineCount - 1,
        data: await encodePart(chunks),
      },
    });
    await tx.logChunk.deleteMany({ where: { snapshotId, seq: { gte: first.seq, lte: last.seq } } });
    return true;
  });
}

/** Snapshots that have ended and whose logs are still chunks: their worker was lost on the way. */
export async function listUncompacted(limit: number): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ id: string }>>`
    SELECT s.id FROM snapshots s WHERE s.status NOT IN ('queued', 'running')
      AND s.id IN (SELECT DISTINCT snapshot_id FROM log_chunks) ORDER BY s.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
