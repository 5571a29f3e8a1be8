/** The outline of a log: from the columns of its chunks, in which no line is decoded, or kept from when they were packed. */
import { db, Prisma } from "@/lib/db/client.server";
import { markSchema } from "@/lib/logs/marks";
import {
  MAX_OUTLINE_MARKS,
  type Outline,
  type OutlineContent,
  outlineContentSchema,
} from "@/lib/logs/outline";
import { isTerminal } from "./state";
import { getSnapshot } from "./store.server";

const nothing: OutlineContent = { seq: 0, sections: [], marks: [] };

/**
 * The status is read before the chunks: nothing can be appended after the end, so of a log that had ended the
 * outline is complete. The kept one is looked for after them: it is there before the first of them goes.
 * @throws AppError 404 when there is no such snapshot.
 */
export async function readOutline(snapshotId: string): Promise<Outline> {
  const { status, log } = await getSnapshot(snapshotId);
  const found = await outlineOf(snapshotId);
  const content = log.expiredAt ? nothing : ((await readKept(snapshotId)) ?? found);
  return { ...content, lines: content.sections.at(-1)?.to ?? 0, complete: isTerminal(status), cut: log.cut };
}

async function readKept(snapshotId: string): Promise<OutlineContent | null> {
  const kept = await db().logOutline.findUnique({ where: { snapshotId }, select: { content: true } });
  return kept && outlineContentSchema.parse(kept.content);
}

/**
 * Keeps the outline of a log that has ended, before its first chunk is packed. Safe to repeat, and for two at once: it
 * is only ever made while no outline is there, and then no chunk has gone.
 */
export async function keepOutline(snapshotId: string): Promise<void> {
  const snapshot = await db().snapshot.findUnique({ where: { id: snapshotId }, select: { status: true } });
  if (!snapshot || !isTerminal(snapshot.status)) return;
  if ((await db().logOutline.count({ where: { snapshotId } })) > 0) return;
  const content = await outlineOf(snapshotId);
  await db().logOutline.createMany({ data: [{ snapshotId, content }], skipDuplicates: true });
}

interface SectionRow {
  attempt: number;
  step: string;
  from: number;
  to: number;
  seq: number;
}

/** Chunks of the same step of the same attempt that follow each other are a section. */
async function outlineOf(snapshotId: string): Promise<OutlineContent> {
  const sections = await db().$queryRaw<SectionRow[]>(Prisma.sql`
    SELECT attempt, step, min(first_line) AS from, max(first_line + line_count - 1) AS to, max(seq) AS seq
    FROM (
      SELECT seq, attempt, step, first_line, line_count,
        row_number() OVER (ORDER BY seq) - row_number() OVER (PARTITION BY attempt, step ORDER BY seq) AS island
      FROM log_chunks WHERE snapshot_id = ${snapshotId}::uuid AND line_count > 0
    ) AS chunks
    GROUP BY attempt, step, island ORDER BY min(first_line)`);
  const seq = sections.at(-1)?.seq ?? 0;
  const marks = await db().$queryRaw<Array<{ mark: unknown }>>(Prisma.sql`
    SELECT mark FROM log_chunks, jsonb_array_elements(marks) WITH ORDINALITY AS found (mark, place)
    WHERE snapshot_id = ${snapshotId}::uuid AND seq <= ${seq} AND marks IS NOT NULL
    ORDER BY seq, place LIMIT ${MAX_OUTLINE_MARKS}`);
  return {
    seq,
    sections: sections.map(({ attempt, step, from, to }) => ({ attempt, step, from, to })),
    marks: marks.map(({ mark }) => markSchema.parse(mark)),
  };
}
