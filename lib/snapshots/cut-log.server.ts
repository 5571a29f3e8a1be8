/**
 * A log keeps its first and its last lines. What lies between them goes while the build runs: the database decides
 * from the chunks that are there, so it makes no difference which worker asks, or how often.
 */
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { type Append, appendChunk, type Claim } from "./log-store.server";

/** How far a log may grow over its cap before it is cut: not at every chunk. */
const SLACK = 1 / 16;

export interface LogCap {
  /** Of text, kept at the beginning and at the end. */
  headBytes: number;
  tailBytes: number;
}

export function logCap(): LogCap {
  const bytes = env().KILN_LOG_MB * 1024 * 1024;
  return { headBytes: bytes / 4, tailBytes: (bytes * 3) / 4 };
}

/**
 * Stores a build's chunks, and cuts its log when it has grown too long.
 * @param stored how much text the log has already
 * @returns what `appendChunk` does; safe to repeat like that.
 */
export function cappedAppend(
  claim: Claim,
  stored: number,
  cap: LogCap,
): (append: Append) => Promise<boolean> {
  const most = (cap.headBytes + cap.tailBytes) * (1 + SLACK);
  let bytes = stored;
  return async (append) => {
    if (!(await appendChunk(claim, append))) return false;
    if (bytes + append.bytes > most) bytes -= await cutLog(claim, cap);
    bytes += append.bytes;
    return true;
  };
}

/**
 * Deletes the chunks that are wholly between the log's first and last bytes, and notes what went: the lines' numbers,
 * and for whoever reads a step's output again how many of its lines are missing. There is one gap: what comes after it
 * doesn't count for the beginning, however small it is.
 * @returns how many bytes went; 0 when the claim is no longer valid.
 */
export async function cutLog(claim: Claim, { headBytes, tailBytes }: LogCap): Promise<number> {
  const [cut] = await db().$queryRaw<Array<{ bytes: bigint }>>`
    WITH held AS (
      SELECT id, log_cut_from FROM snapshots WHERE id = ${claim.snapshotId}::uuid AND worker_id = ${claim.workerId}::uuid
        AND fence = ${claim.fence} AND status = 'running' FOR NO KEY UPDATE
    ), sized AS (
      SELECT seq, size, sum(size) OVER (ORDER BY seq) AS upto, sum(size) OVER () AS total
      FROM (SELECT seq, COALESCE(bytes, octet_length(data)) AS size FROM log_chunks WHERE snapshot_id = (SELECT id FROM held)) chunks
    ), gone AS (
      DELETE FROM log_chunks c USING sized z
      WHERE c.snapshot_id = (SELECT id FROM held) AND c.seq = z.seq
        AND (z.upto > ${headBytes} OR c.first_line > (SELECT log_cut_from FROM held)) AND z.total - z.upto >= ${tailBytes}
      RETURNING c.attempt, c.step, c.first_line, c.line_count, c.stdout_lines, c.stderr_lines, z.size
    ), counted AS (
      UPDATE snapshot_steps step SET cut_stdout = cut_stdout + g.stdout, cut_stderr = cut_stderr + g.stderr
      FROM (SELECT step, sum(stdout_lines) AS stdout, sum(stderr_lines) AS stderr FROM gone WHERE attempt = ${claim.attempt} GROUP BY step) g
      WHERE step.snapshot_id = ${claim.snapshotId}::uuid AND step.name = g.step
    )
    UPDATE snapshots s SET log_cut_from = COALESCE(s.log_cut_from, g.first), log_cut_to = g.last, log_truncated_bytes = s.log_truncated_bytes + g.bytes
    FROM (SELECT min(first_line) AS first, max(first_line + line_count - 1) AS last, sum(size) AS bytes FROM gone HAVING count(*) > 0) g
    WHERE s.id = ${claim.snapshotId}::uuid RETURNING g.bytes`;
  return Number(cut?.bytes ?? 0);
}
