/** A log that is longer than its cap keeps its beginning and its end, and every reader says what is missing. */
import { beforeAll, describe, expect, it } from "vitest";
import { packLines } from "@/lib/logs/chunk";
import { claimRefresh, finishReady, publishReady } from "@/prisma/factories/builds";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import type { ClaimedSnapshot } from "./claim.server";
import { cappedAppend, cutLog } from "./cut-log.server";
import { followLog } from "./follow-log.server";
import { beginAgain, countStoredOutput, moveStep } from "./progress.server";
import { readLines } from "./read-log.server";
import { getSnapshot } from "./store.server";
import type { LogLine } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const never = new AbortController().signal;
const cap = { headBytes: 1_000, tailBytes: 3_000 };
const claim = async () => claimRefresh(await publishReady(worker), worker);

/** Prints numbered lines, ten of ten bytes a chunk; every fifth line is an error. */
async function print(claimed: ClaimedSnapshot, chunks: number): Promise<void> {
  const append = cappedAppend(claimed.claim, claimed.log.bytes, cap);
  const { seq, lines: before } = claimed.log;
  for (let index = 0; index < chunks; index += 1) {
    const firstLine = before + 1 + index * 10;
    const lines = Array.from({ length: 10 }, (_, at) => ({
      stream: at % 5 === 4 ? ("stderr" as const) : ("stdout" as const),
      at: Date.now(),
      text: String(firstLine + at).padStart(9, "0"),
    }));
    expect(await append({ ...packLines(lines), seq: seq + 1 + index, firstLine, step: "setup" })).toBe(true);
  }
}

async function read(id: string, range: Parameters<typeof readLines>[1] = {}): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const batch of readLines(id, range, never)) lines.push(...batch);
  return lines;
}

describe("a log that is too long", () => {
  it("keeps its first and its last lines under their numbers, and counts what is missing", async () => {
    const claimed = await claim();
    const id = claimed.claim.snapshotId;
    await print(claimed, 100);
    const { log } = await getSnapshot(id);
    expect(log.lines).toBe(claimed.log.lines + 1_000);
    const { cut } = log;
    if (!cut) throw new Error("it wasn't cut");
    expect(log.truncatedBytes).toBe(cut.bytes);
    expect(cut.bytes).toBe((cut.to - cut.from + 1) * 10);
    const kept = log.bytes - cut.bytes;
    expect(kept).toBeGreaterThanOrEqual(4_000 - 200);
    expect(kept).toBeLessThanOrEqual(4_000 * 1.1);
    const lines = await read(id);
    const [marker] = lines.filter((line) => line.cut);
    expect(marker).toMatchObject({ line: cut.from, stream: "system", cut });
    expect(marker?.text).toContain(`${cut.to - cut.from + 1} lines`);
    expect(lines.map(({ line }) => line)).toEqual([
      ...Array.from({ length: cut.from }, (_, index) => index + 1),
      ...Array.from({ length: log.lines - cut.to }, (_, index) => cut.to + 1 + index),
    ]);
    for (const { line, text, stream } of lines) if (stream !== "system") expect(Number(text)).toBe(line);
  });

  it("has one gap, however different its chunks are", async () => {
    const claimed = await claim();
    const id = claimed.claim.snapshotId;
    const append = cappedAppend(claimed.claim, claimed.log.bytes, cap);
    let { seq, lines } = claimed.log;
    for (let index = 0; index < 300; index += 1) {
      // Large ones leave room at the end of the beginning, into which a small one would fit.
      const text = "x".repeat(index % 3 === 0 ? 410 : 1);
      const packed = packLines([{ stream: "stdout", at: Date.now(), text }]);
      expect(await append({ ...packed, seq: seq + 1, firstLine: lines + 1, step: "setup" })).toBe(true);
      seq += 1;
      lines += 1;
    }
    const found = await read(id);
    expect(found.filter((line) => line.cut)).toHaveLength(1);
    const { log } = await getSnapshot(id);
    expect(found.length).toBe(log.lines - (log.cut ? log.cut.to - log.cut.from : 0));
  });

  it("is read by numbers on both sides of the gap and in it", async () => {
    const claimed = await claim();
    const id = claimed.claim.snapshotId;
    await print(claimed, 100);
    const { log } = await getSnapshot(id);
    const { from, to } = log.cut ?? { from: 0, to: 0 };
    const numbers = async (range: Parameters<typeof readLines>[1]) =>
      (await read(id, range)).map(({ line }) => line);
    expect(await numbers({ after: 3, limit: 3 })).toEqual([4, 5, 6]);
    expect(await numbers({ after: from - 3, limit: 4 })).toEqual([from - 2, from - 1, from]);
    expect(await numbers({ after: from + 5, limit: 4 })).toEqual([from + 6]);
    expect(await numbers({ after: to, limit: 2 })).toEqual([to + 1, to + 2]);
    expect(await numbers({ before: log.lines + 1, limit: 2 })).toEqual([log.lines - 1, log.lines]);
  });

  it("tells a follower of the gap, from the beginning and from a cursor within it", async () => {
    const claimed = await claim();
    const id = claimed.claim.snapshotId;
    await print(claimed, 100);
    await finishReady(claimed);
    const { log } = await getSnapshot(id);
    for (const cursor of [0, claimed.log.seq + 40]) {
      const cuts = [];
      let next: number | null = cursor === 0 ? 1 : null;
      for await (const frame of followLog(id, cursor, never)) {
        if (frame.type === "cut") {
          cuts.push(frame.cut);
          next = frame.cut.to + 1;
        }
        if (frame.type !== "log") continue;
        expect(frame.frame.firstLine).toBe(next);
        next = frame.frame.firstLine + frame.frame.lines.length;
      }
      expect(cuts).toEqual([log.cut]);
      expect(next).toBe(log.lines + 1);
    }
  });

  it("still knows how much of a step's output there was, until the step begins again", async () => {
    const claimed = await claim();
    await moveStep(claimed.claim, "setup", { status: "running", firstLine: 1 });
    await print(claimed, 100);
    const counted = await countStoredOutput(claimed.claim, "setup");
    expect(counted.stdout.lines).toBe(800);
    expect(counted.stderr.lines).toBe(200);
    expect(Number(counted.stdout.first)).toBe(claimed.log.lines + 1);
    const attempt = await beginAgain(claimed.claim, "setup");
    const next = { ...claimed.claim, attempt: attempt ?? 0 };
    expect((await countStoredOutput(next, "setup")).stdout.lines).toBe(0);
  });

  it("isn't cut by a worker that has lost its claim, nor when it is short", async () => {
    const claimed = await claim();
    await print(claimed, 20);
    expect(await cutLog(claimed.claim, cap)).toBe(0);
    expect(await cutLog({ ...claimed.claim, fence: 9 }, { headBytes: 0, tailBytes: 0 })).toBe(0);
    expect((await getSnapshot(claimed.claim.snapshotId)).log.cut).toBeNull();
  });
});
