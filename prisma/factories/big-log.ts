/** A finished log of any size, put where the worker puts it and through the same encoders; a real build would take minutes. */
import { db } from "@/lib/db/client.server";
import { packRuns } from "@/lib/logs/chunk";
import { marksOfChunk } from "@/lib/logs/chunk-marks";
import type { Mark } from "@/lib/logs/marks";
import { MAX_OUTLINE_MARKS } from "@/lib/logs/outline";
import { encodePart, type NumberedChunk } from "@/lib/logs/part";

const CHUNK_LINES = 256;
const CHUNKS_A_PART = 18;

/** Line `number` of a big log, 60 characters or so: numbered, so that whoever reads it knows whether it is the right one. */
export function bigLine(number: number): string {
  if (number % 100_000 === 50_000) return `::group::Part ${Math.ceil(number / 100_000)}`;
  if (number % 100_000 === 50_200) return "::endgroup::";
  if (number % 250_000 === 123_456) return `E: number ${number} could not be unpacked`;
  if (number % 1_000 === 500)
    return `\u001b[32m${number}\u001b[0m needle in the haystack, ${number % 97} of 97`;
  return `${number} unpacking libsomething-${number % 977} (1.${number % 7}.${number % 13}) from the archive`;
}

/** Replaces the log of a snapshot that has ended by one of so many lines, all but the first and the last of them the setup script's. */
export async function replaceLog(snapshotId: string, lines: number): Promise<void> {
  const start = Date.now() - 600_000;
  const encoder = new TextEncoder();
  const chunks: NumberedChunk[] = [];
  const marks: Mark[] = [];
  let bytes = 0;
  const add = (step: string, first: number, count: number) => {
    const texts = Array.from({ length: count }, (_, index) => bigLine(first + index));
    const at = start + Math.round((first / lines) * 500_000);
    const stream = step === "kiln" ? "system" : "stdout";
    const run = encoder.encode(`${texts.join("\n")}\n`);
    const packed = packRuns([{ stream, at, count, bytes: run }]);
    bytes += packed.bytes;
    const chunk = { firstLine: first, step, at: new Date(at), data: packed.data };
    chunks.push({ ...chunk, seq: chunks.length + 1, attempt: 1, lineCount: count });
    marks.push(...marksOfChunk(chunk));
  };
  add("kiln", 1, 1);
  for (let first = 2; first < lines; first += CHUNK_LINES)
    add("setup", first, Math.min(CHUNK_LINES, lines - first));
  add("kiln", lines, 1);
  const parts = [];
  for (let from = 0; from < chunks.length; from += CHUNKS_A_PART) {
    const some = chunks.slice(from, from + CHUNKS_A_PART);
    const [first, last] = [some[0], some.at(-1)];
    if (!first || !last) break;
    const range = { firstSeq: first.seq, lastSeq: last.seq, firstLine: first.firstLine };
    const lastLine = last.firstLine + last.lineCount - 1;
    parts.push({ snapshotId, ...range, lastLine, data: await encodePart(some) });
  }
  const section = (step: string, from: number, to: number) => ({ attempt: 1, step, from, to });
  const sections = [section("kiln", 1, 1), section("setup", 2, lines - 1), section("kiln", lines, lines)];
  const content = { seq: chunks.length, sections, marks: marks.slice(0, MAX_OUTLINE_MARKS) };
  await db().logChunk.deleteMany({ where: { snapshotId } });
  await db().logPart.deleteMany({ where: { snapshotId } });
  for (let from = 0; from < parts.length; from += 20)
    await db().logPart.createMany({ data: parts.slice(from, from + 20) });
  await db().logOutline.upsert({
    where: { snapshotId },
    create: { snapshotId, content },
    update: { content },
  });
  await db().snapshotStep.updateMany({ where: { snapshotId }, data: { firstLine: 2 } });
  await db().snapshot.update({
    where: { id: snapshotId },
    data: { logSeq: chunks.length, logLines: lines, logBytes: bytes, logLastLine: bigLine(lines) },
  });
}
