import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { packLines } from "@/lib/logs/chunk";
import { captureImage, claimBuild, finishReady, writeLines } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import type { ClaimedSnapshot } from "./claim.server";
import { type Ending, endSnapshot } from "./finish.server";
import { type FollowedFrame, followLog } from "./follow-log.server";
import { beginAgain, moveStep } from "./progress.server";
import { isTerminal } from "./state";
import { releaseBuild, takeOverBuilds } from "./take-over.server";
import type { LogLine } from "./wire";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const open: AbortController[] = [];
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);

function follow(
  id: string,
  after = 0,
): { frames: AsyncGenerator<FollowedFrame, void, void>; stop: AbortController } {
  const stop = new AbortController();
  open.push(stop);
  return { frames: followLog(id, after, stop.signal), stop };
}

/** Everything up to the end of the stream. */
async function readAll(frames: AsyncGenerator<FollowedFrame, void, void>): Promise<FollowedFrame[]> {
  const all: FollowedFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

const textsOf = (frames: FollowedFrame[]) =>
  frames.flatMap((frame) => (frame.type === "log" ? frame.frame.lines.map(({ text }) => text) : []));

/** Reads on until a frame fits. @throws Error when the stream ends before. */
async function readUntil(
  frames: AsyncGenerator<FollowedFrame, void, void>,
  fits: (frame: FollowedFrame) => boolean,
): Promise<FollowedFrame> {
  for (;;) {
    const { value, done } = await frames.next();
    if (done) throw new Error("The stream ended.");
    if (fits(value)) return value;
  }
}

const hasLine = (text: string) => (frame: FollowedFrame) =>
  frame.type === "log" && frame.frame.lines.some((line) => line.text === text);

/** Ends the backend of this process's listening connection, as a restart of the server would. @returns how many there were. */
async function killListener(): Promise<number> {
  const killed = await db().$queryRaw<unknown[]>`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kiln-events'`;
  return killed.length;
}

describe("under random disconnects", () => {
  interface Cut {
    /** After so many frames; 0 is before the first. */
    frames: number;
    how: "leave" | "abort";
  }

  /** A reader that is cut off, comes back with its cursor, and so on to the end. */
  class Reader {
    readonly lines: LogLine[] = [];
    readonly types: string[] = [];
    cuts = 0;
    private cursor = 0;

    constructor(private readonly id: string) {}

    async read(cuts: readonly Cut[]): Promise<void> {
      for (const cut of cuts) if (await this.connect(cut)) return;
      await this.connect({ frames: Number.POSITIVE_INFINITY, how: "leave" });
    }

    /** @returns whether it came to the end. */
    private async connect({ frames, how }: Cut): Promise<boolean> {
      const { frames: source, stop } = follow(this.id, this.cursor);
      if (frames === 0) stop.abort();
      let taken = 0;
      for await (const frame of source) {
        // What is still on its way when the connection breaks doesn't arrive; but it must not be the end.
        if (taken >= frames) expect(frame.type).not.toBe("end");
        else this.take(frame);
        taken += 1;
        if (frame.type === "end") return true;
        if (taken === frames && how === "leave") break;
        if (taken === frames) stop.abort();
      }
      this.cuts += 1;
      return false;
    }

    private take(frame: FollowedFrame): void {
      this.types.push(frame.type);
      if (frame.type !== "log") return;
      expect(frame.frame.seq).toBe(this.cursor + 1);
      this.cursor = frame.frame.seq;
      this.lines.push(...frame.frame.lines);
    }
  }

  const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\n", ""));
  const chunk = fc.array(line, { minLength: 1, maxLength: 5 });
  const cut = fc.record({ frames: fc.nat(2), how: fc.constantFrom("leave" as const, "abort" as const) });
  const ending = fc.constantFrom<Ending["status"]>("ready", "failed", "cancelled");
  const run = fc.record({
    chunks: fc.array(chunk, { minLength: 10, maxLength: 25 }),
    cuts: fc.tuple(
      fc.array(cut, { minLength: 5, maxLength: 5 }),
      fc.array(cut, { minLength: 5, maxLength: 5 }),
    ),
    ending,
    lastWords: fc.array(line, { maxLength: 3 }),
    /** Before which chunk the listening connection is killed, if it is. */
    killBefore: fc.option(fc.nat(24), { nil: -1 }),
  });

  async function write(
    claimed: ClaimedSnapshot,
    {
      chunks,
      killBefore,
      ...end
    }: { chunks: string[][]; killBefore: number; ending: Ending["status"]; lastWords: string[] },
  ) {
    for (const [index, texts] of chunks.entries()) {
      if (index === killBefore) await killListener();
      if (index % 5 === 0)
        await moveStep(claimed.claim, "setup", { status: "running", firstLine: claimed.log.lines + 1 });
      expect(await writeLines(claimed, texts)).toBe(true);
    }
    await captureImage(claimed.claim);
    const failure = { code: "internal" as const, message: "x", step: null, exitCode: null };
    const how: Ending =
      end.ending === "failed"
        ? { status: "failed", failure }
        : end.ending === "ready"
          ? { status: "ready" }
          : { status: "cancelled", by: "x" };
    expect(await endSnapshot(claimed, how, end.lastWords)).toBe(true);
  }

  it("every reader gets what was written: in order, nothing lost, nothing twice, and one end (F25)", async () => {
    let cuts = 0;
    await fc.assert(
      fc.asyncProperty(run, async (plan) => {
        const claimed = await publishAndClaim();
        const readers = plan.cuts.map(() => new Reader(claimed.claim.snapshotId));
        await Promise.all([
          write(claimed, plan),
          ...readers.map((reader, index) => reader.read(plan.cuts[index] ?? [])),
        ]);
        const written = [...plan.chunks.flat(), ...plan.lastWords];
        for (const reader of readers) {
          expect(reader.lines.slice(1).map(({ text }) => text)).toEqual(written);
          expect(reader.lines.map(({ line: number }) => number)).toEqual(
            reader.lines.map((_, index) => index + 1),
          );
          expect(reader.types.filter((type) => type === "end")).toHaveLength(1);
          expect(reader.types.at(-1)).toBe("end");
          cuts += reader.cuts;
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect(cuts).toBeGreaterThanOrEqual(200);
  }, 120_000);
});

describe("the end", () => {
  it("of a log that is complete: the rows, then the status, then the end", async () => {
    const claimed = await publishAndClaim();
    await writeLines(claimed, ["a"]);
    await finishReady(claimed);
    const frames = await readAll(follow(claimed.claim.snapshotId).frames);
    expect(frames.map(({ type }) => type)).toEqual(["log", "log", "status", "end"]);
    expect(frames.at(-2)).toMatchObject({ snapshot: { status: "ready", serving: true } });
  });

  it("comes at once when the reader has everything", async () => {
    const claimed = await publishAndClaim();
    await finishReady(claimed);
    const frames = await readAll(follow(claimed.claim.snapshotId, claimed.log.seq).frames);
    expect(frames.map(({ type }) => type)).toEqual(["status", "end"]);
  });

  it("is not told to a reader that left before it had everything", async () => {
    const claimed = await publishAndClaim();
    for (let i = 0; i < 70; i += 1) await writeLines(claimed, [`${i}`]);
    await finishReady(claimed);
    const { frames, stop } = follow(claimed.claim.snapshotId);
    await frames.next();
    stop.abort();
    expect((await readAll(frames)).map(({ type }) => type)).not.toContain("end");
  });

  it("that comes while a reader waits finds it with everything that was written before", async () => {
    for (let round = 0; round < 6; round += 1) {
      const claimed = await publishAndClaim();
      const reading = readAll(follow(claimed.claim.snapshotId).frames);
      await writeLines(claimed, ["late"]);
      await endSnapshot(claimed, { status: "cancelled", by: "x" }, ["last"]);
      expect(textsOf(await reading).slice(1)).toEqual(["late", "last"]);
    }
  });

  it("isn't there for what isn't there", async () => {
    expect(await codeOf(readAll(follow("0193a1b2-0000-7000-8000-0123456789ab").frames))).toBe("not_found");
  });
});

describe("status frames", () => {
  it("come first, and again when something but the log moves", async () => {
    const claimed = await publishAndClaim();
    const { frames, stop } = follow(claimed.claim.snapshotId);
    expect((await frames.next()).value).toMatchObject({ type: "status", snapshot: { status: "running" } });
    await readUntil(frames, (frame) => frame.type === "log");
    await writeLines(claimed, ["a"]);
    expect((await frames.next()).value).toMatchObject({ type: "log" });
    await moveStep(claimed.claim, "setup", { status: "running", firstLine: 3 });
    expect((await frames.next()).value).toMatchObject({
      type: "status",
      snapshot: {
        steps: expect.arrayContaining([expect.objectContaining({ name: "setup", status: "running" })]),
      },
    });
    stop.abort();
  });

  it("tell a terminal status only once, and only after the rows", async () => {
    const claimed = await publishAndClaim();
    const reading = readAll(follow(claimed.claim.snapshotId).frames);
    for (let i = 0; i < 5; i += 1) await writeLines(claimed, [`${i}`]);
    await finishReady(claimed);
    const frames = await reading;
    const terminal = frames.flatMap((frame, index) =>
      frame.type === "status" && isTerminal(frame.snapshot.status) ? [index] : [],
    );
    expect(terminal).toEqual([frames.length - 2]);
  });
});

describe("a notification that is lost", () => {
  it("with the listening connection, which is ended in the middle of the stream (F16)", async () => {
    const claimed = await publishAndClaim();
    const { frames } = follow(claimed.claim.snapshotId);
    await writeLines(claimed, ["before"]);
    await readUntil(frames, hasLine("before"));
    for (let round = 0; round < 3; round += 1) {
      const [killed] = await Promise.all([killListener(), writeLines(claimed, [`round ${round}`])]);
      expect(killed).toBe(1);
      const started = performance.now();
      await readUntil(frames, hasLine(`round ${round}`));
      expect(performance.now() - started).toBeLessThan(5_000);
      // The next round needs a connection to kill: a change that is announced shows that it is back.
      await waitForListener();
    }
  });

  it("altogether costs one safety poll", async () => {
    const claimed = await publishAndClaim();
    const { frames } = follow(claimed.claim.snapshotId);
    await readUntil(frames, (frame) => frame.type === "log");
    // What was announced before may still wake it for the first one; the second one has nothing but the poll.
    for (const text of ["silent", "silent, too"]) {
      const next = readUntil(frames, hasLine(text));
      const at = Date.now();
      const { data } = packLines([{ stream: "stdout", at, text }]);
      await db().$executeRaw`
        WITH counted AS (UPDATE snapshots SET log_seq = log_seq + 1, log_lines = log_lines + 1 WHERE id = ${claimed.claim.snapshotId}::uuid RETURNING id, log_seq, log_lines)
        INSERT INTO log_chunks (snapshot_id, seq, attempt, first_line, line_count, step, at, data)
        SELECT id, log_seq, 1, log_lines, 1, 'setup', ${new Date(at)}, ${data} FROM counted`;
      await next;
      expect(Date.now() - at).toBeLessThan(5_000);
    }
  });
});

async function waitForListener(): Promise<void> {
  for (;;) {
    const found = await db().$queryRaw<unknown[]>`
      SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kiln-events'`;
    if (found.length > 0) return;
  }
}

describe("a reader", () => {
  it("that aborts while it waits is let go at once", async () => {
    const claimed = await publishAndClaim();
    const { frames, stop } = follow(claimed.claim.snapshotId);
    await readUntil(frames, (frame) => frame.type === "log");
    const waiting = frames.next();
    const started = performance.now();
    stop.abort();
    expect((await waiting).done).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("that is slow gets everything, at its own pace", async () => {
    const claimed = await publishAndClaim();
    const { frames } = follow(claimed.claim.snapshotId);
    const first = await frames.next();
    for (let i = 0; i < 100; i += 1) await writeLines(claimed, [`${i}`]);
    await finishReady(claimed);
    const rest = await readAll(frames);
    expect(textsOf(rest).slice(1)).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
    expect(first.value).toMatchObject({ type: "status" });
  });

  it("of a build that changes hands and begins again sees all of it", async () => {
    const claimed = await publishAndClaim();
    const reading = readAll(follow(claimed.claim.snapshotId).frames);
    await writeLines(claimed, ["first attempt"]);
    await releaseBuild(claimed.claim, worker.name);
    const [again] = await takeOverBuilds(worker, "released");
    if (!again) throw new Error("nothing was taken over");
    again.claim.attempt = (await beginAgain(again.claim, "setup")) ?? 0;
    await writeLines(again, ["second attempt"]);
    await finishReady(again);
    const frames = await reading;
    expect(textsOf(frames)).toEqual([
      expect.stringMatching(/^Queued/),
      "first attempt",
      expect.stringContaining("is shutting down; the build goes on"),
      expect.stringContaining("goes on with this build"),
      "second attempt",
    ]);
    expect(frames.flatMap((frame) => (frame.type === "log" ? [frame.frame.attempt] : []))).toEqual([
      0, 1, 1, 1, 2,
    ]);
  });
});
