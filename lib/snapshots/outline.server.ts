/** The outline of a log: from the columns of its chunks, in which no line is decoded, or kept from when they were packed. */
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { markSchema } from "@/lib/logs/marks";
import {
  MAX_OUTLINE_MARKS,
  type Outline,
  type OutlineContent,
  outlineContentSchema,
} from "@/lib/logs/outline";
import { isTerminal } from "./state";
import { getSnapshot } from "./store.server";

/**
 * The status is read before the chunks: nothing can be appended after the end, so of a log that had ended the
 * outline is complete.
 * @throws AppError 404 when there is no such snapshot.
 */
export async function readOutline(snapshotId: string): Promise<Outline> {
  const { status, log } = await getSnapshot(snapshotId);
  const kept = await db().logOutline.findUnique({ where: { snapshotId }, select: { content: true } });
  const content = log.expiredAt
    ? { seq: 0, sections: [], marks: [] }
    : kept
      ? outlineContentSchema.parse(kept.content)
      : await outlineOf(snapshotId, db());
  return { ...content, lines: content.sections.at(-1)?.to ?? 0, complete: isTerminal(status), cut: log.cut };
}

/** Keeps the outline of a log before its chunks are packed, in the same transaction. Safe to repeat. */
export async function keepOutline(tx: Tx, snapshotId: string): Promise<void> {
  const content = await outlineOf(snapshotId, tx);
  await tx.logOutline.createMany({ data: [{ snapshotId, content }], skipDuplicates: true });
}

interface SectionRow {
  attempt: number;
  step: string;
  from: number;
  to: number;
  seq: number;
}

/** Chunks of the same step of the same attempt that follow each other are a section. */
async function outlineOf(snapshotId: string, tx: Tx): Promise<OutlineContent> {
  const sections = await tx.$queryRaw<SectionRow[]>(Prisma.sql`
    SELECT attempt, step, min(first_line) AS from, max(first_line + line_count - 1) AS to, max(seq) AS seq
    FROM (
      SELECT seq, attempt, step, first_line, line_count,
        row_number() OVER (ORDER BY seq) - row_number() OVER (PARTITION BY attempt, step ORDER BY seq) AS island
      FROM log_chunks WHERE snapshot_id = ${snapshotId}::uuid AND line_count > 0
    ) AS chunks
    GROUP BY attempt, step, island ORDER BY min(first_line)`);
  const seq = sections.at(-1)?.seq ?? 0;
  const marks = await tx.$queryRaw<Array<{ mark: unknown }>>(Prisma.sql`
    SELECT mark FROM log_chunks, jsonb_array_elements(marks) WITH ORDINALITY AS found (mark, place)
    WHERE snapshot_id = ${snapshotId}::uuid AND seq <= ${seq} AND marks IS NOT NULL
    ORDER BY seq, place LIMIT ${MAX_OUTLINE_MARKS}`);
  return {
    seq,
    sections: sections.map(({ attempt, step, from, to }) => ({ attempt, step, from, to })),
    marks: marks.map(({ mark }) => markSchema.parse(mark)),
  };
}
