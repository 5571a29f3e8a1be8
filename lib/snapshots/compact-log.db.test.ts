/** A log's forms: chunks while it runs, parts afterwards, and a sentence when it is gone. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import {
  claimBuild,
  claimRefresh,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
  writeLines,
} from "@/prisma/factories/builds";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { compactLog, listUncompacted } from "./compact-log.server";
import { expireLogs } from "./expire-log.server";
import { followLog } from "./follow-log.server";
import { readLines } from "./read-log.server";
import { getSnapshot } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const never = new AbortController().signal;
const chunksOf = (snapshotId: string) => db().logChunk.count({ where: { snapshotId } });
const partsOf = (snapshotId: string) => db().logPart.count({ where: { snapshotId } });

async function readAll(id: string, range: Parameters<typeof readLines>[1] = {}) {
  const lines = [];
  for await (const batch of readLines(id, range, never)) lines.push(...batch);
  return lines;
}

async function followAll(id: string, cursor: number) {
  const seen = [];
  for await (const frame of followLog(id, cursor, never)) if (frame.type === "log") seen.push(frame.frame);
  return seen;
}

async function longBuild() {
  const claimed = await claimRefresh(await publishReady(worker), worker);
  for (let index = 0; index < 30; index += 1)
    await writeLines(
      claimed,
      Array.from({ length: 300 }, (_, line) => `${index}/${line} ${"some words ".repeat(8)}`),
    );
  return claimed;
}

describe("compaction", () => {
  it("changes nothing that a reader sees, wherever the reader begins", async () => {
    const claimed = await longBuild();
    const id = claimed.claim.snapshotId;
    await finishReady(claimed);
    const [lines, frames] = [await readAll(id), await followAll(id, 0)];
    expect(await compactLog(id)).toBeGreaterThan(2);
    expect(await chunksOf(id)).toBe(0);
    expect(await readAll(id)).toEqual(lines);
    expect(await followAll(id, 0)).toEqual(frames);
    expect(await followAll(id, 17)).toEqual(frames.filter(({ seq }) => seq > 17));
    const after = 4_321;
    expect((await readAll(id, { after, limit: 700 })).map(({ line }) => line)).toEqual(
      Array.from({ length: 700 }, (_, index) => after + 1 + index),
    );
    expect(await compactLog(id)).toBe(0);
  });

  it("can be read between any two of its parts, and by many at once while it goes on", async () => {
    const claimed = await longBuild();
    const id = claimed.claim.snapshotId;
    await finishReady(claimed);
    const lines = await readAll(id);
    const [, , ...readings] = await Promise.all([
      compactLog(id),
      compactLog(id),
      ...Array.from({ length: 6 }, () => readAll(id)),
    ]);
    for (const reading of readings) expect(reading).toEqual(lines);
    await compactLog(id);
    expect(await chunksOf(id)).toBe(0);
    expect(await readAll(id)).toEqual(lines);
  });

  it("leaves a build alone that hasn't ended, and is caught up with afterwards", async () => {
    const claimed = await longBuild();
    const id = claimed.claim.snapshotId;
    expect(await compactLog(id)).toBe(0);
    expect(await listUncompacted(100)).not.toContain(id);
    await finishReady(claimed);
    expect(await listUncompacted(100)).toContain(id);
    await compactLog(id);
    expect(await listUncompacted(100)).not.toContain(id);
  });
});

describe("retention", () => {
  const age = async (id: string, days: number) => {
    await db()
      .$executeRaw`UPDATE snapshots SET finished_at = now() - make_interval(days => ${days}::int) WHERE id = ${id}::uuid`;
  };

  it("deletes what is old, but not of what serves nor a version's newest failure", async () => {
    const published = await publishReady(worker);
    const first = published.snapshot.id;
    const failures = [];
    for (let index = 0; index < 2; index += 1) {
      const claimed = await claimBuild((await requestRefresh(published.profile.id)).snapshot.id, worker);
      await finishFailed(claimed);
      failures.push(claimed.claim.snapshotId);
    }
    const serving = await claimBuild((await requestRefresh(published.profile.id)).snapshot.id, worker);
    await finishReady(serving);
    const fresh = await claimBuild((await requestRefresh(published.profile.id)).snapshot.id, worker);
    await finishFailed(fresh);
    await compactLog(first);
    const [older = "", newer = ""] = failures;
    for (const id of [first, older, newer, serving.claim.snapshotId]) await age(id, env().KILN_LOG_DAYS + 1);
    expect((await getSnapshot(first)).log.expiresAt).not.toBeNull();
    for (let round = 0; round < 10 && (await expireLogs()) > 0; round += 1);
    for (const id of [first, older, newer]) {
      expect(await partsOf(id)).toBe(0);
      expect(await chunksOf(id)).toBe(0);
      expect(await db().logOutline.count({ where: { snapshotId: id } })).toBe(0);
      const { log } = await getSnapshot(id);
      expect(log).toMatchObject({ expiredAt: expect.any(String), expiresAt: null });
      expect(log.lines).toBeGreaterThan(0);
    }
    for (const id of [serving.claim.snapshotId, fresh.claim.snapshotId]) {
      expect(await chunksOf(id)).toBeGreaterThan(0);
      expect((await getSnapshot(id)).log.expiredAt).toBeNull();
    }
    await age(fresh.claim.snapshotId, env().KILN_LOG_DAYS + 1);
    await expireLogs();
    expect(await chunksOf(fresh.claim.snapshotId)).toBeGreaterThan(0);
  });
});
