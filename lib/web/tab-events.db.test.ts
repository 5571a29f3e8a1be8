import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { claimBuild, writeLines } from "@/prisma/factories/builds";
import { makeProfile, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import type { SseFrame } from "./sse.server";
import { tabEvents } from "./tab-events.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

/** Reads until a frame fits. */
async function nextThat(
  frames: AsyncGenerator<SseFrame, void, void>,
  fits: (frame: SseFrame) => boolean,
): Promise<SseFrame> {
  for (;;) {
    const { value, done } = await frames.next();
    if (done) throw new Error("The stream ended.");
    if (fits(value)) return value;
  }
}

describe("tabEvents", () => {
  it("tells a slow reader once of a row that moved many times", async () => {
    const stop = new AbortController();
    const frames = tabEvents(null, stop.signal);
    const first = nextThat(frames, ({ event }) => event === "change");
    await makeProfile();
    await first;
    const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
    const id = claimed.claim.snapshotId;
    for (let i = 0; i < 50; i += 1)
      await db().$executeRaw`UPDATE snapshots SET image_id = ${String(i)} WHERE id = ${id}::uuid`;
    const marker = await makeProfile();
    const changes: unknown[] = [];
    await nextThat(frames, ({ data }) => {
      changes.push(data);
      return JSON.stringify(data).includes(marker.id);
    });
    expect(changes.filter((change) => JSON.stringify(change).includes(id)).length).toBeLessThan(10);
    stop.abort();
  });

  it("that breaks while its reader is slow tells the reader, and nobody else", async () => {
    const claimed = await claimBuild((await publishProfile()).snapshot.id, worker);
    await writeLines(claimed, ["a"]);
    const stop = new AbortController();
    const frames = tabEvents({ id: claimed.claim.snapshotId, afterSeq: 0 }, stop.signal);
    await db().$executeRaw`ALTER TABLE log_chunks RENAME TO log_chunks_away`;
    try {
      await nextThat(frames, ({ event }) => event === "status");
      // The reader takes its time: long enough for the read behind its back to fail. An unhandled rejection fails the run.
      for (let i = 0; i < 20; i += 1) await db().$queryRaw`SELECT 1`;
      await expect(nextThat(frames, () => false)).rejects.toThrow(/log_chunks/);
    } finally {
      await db().$executeRaw`ALTER TABLE log_chunks_away RENAME TO log_chunks`;
      stop.abort();
    }
  });

  it("ends with its signal, at once", async () => {
    const { snapshot } = await publishProfile();
    const stop = new AbortController();
    const frames = tabEvents({ id: snapshot.id, afterSeq: 0 }, stop.signal);
    await nextThat(frames, ({ event }) => event === "log");
    const rest = (async () => {
      for await (const frame of frames) if (frame.event === "end") throw new Error("It hasn't ended.");
    })();
    const started = performance.now();
    stop.abort();
    await rest;
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});
