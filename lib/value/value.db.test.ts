import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { moveSession } from "@/lib/sessions/progress.server";
import { claimBuild, finishReady, publishReady } from "@/prisma/factories/builds";
import { publishNext } from "@/prisma/factories/profiles";
import { makeRunningSession, makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { readValue } from "./value.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

/** Its setup step took so long, or was taken from an earlier build. */
async function setupTook(snapshotId: string, seconds: number, reusedFrom: number | null = null) {
  await db().$executeRaw`
    UPDATE snapshot_steps SET status = 'done', started_at = now() - make_interval(secs => ${seconds}::float8), finished_at = now(),
      reused_from = ${reusedFrom}::int WHERE snapshot_id = ${snapshotId}::uuid AND name = 'setup'`;
  // What isn't the setup doesn't count, however long it took.
  await db().$executeRaw`
    UPDATE snapshot_steps SET status = 'done', started_at = now() - interval '1 hour', finished_at = now()
    WHERE snapshot_id = ${snapshotId}::uuid AND name IN ('base-image', 'capture', 'check', 'promote')`;
}

/** A session that came to run after so many seconds. */
async function startedAfter(profile: string, seconds: number): Promise<string> {
  const { id } = await makeRunningSession(profile, worker);
  await db().$executeRaw`
    UPDATE sessions SET created_at = first_started_at - make_interval(secs => ${seconds}::float8) WHERE id = ${id}::uuid`;
  return id;
}

it("before the first session there is its storage, and nothing saved", async () => {
  const { profile } = await publishReady(worker);
  await makeSession(profile.id);
  expect(await readValue(profile.slug)).toEqual({
    starts: 0,
    startMs: null,
    setupMs: null,
    savedMs: 0,
    images: { count: 1, bytes: 1_000_000 },
  });
});

it("starts are measured from the request, and save what the setup takes", async () => {
  const { profile, snapshot } = await publishReady(worker);
  await setupTook(snapshot.id, 60);
  for (const seconds of [1, 2, 3]) await startedAfter(profile.id, seconds);
  const { starts, startMs, setupMs, savedMs } = await readValue(profile.id);
  expect(starts).toBe(3);
  expect(startMs?.median).toBeCloseTo(2_000, -1);
  expect(startMs?.p95).toBeCloseTo(2_900, -1);
  expect(setupMs).toBeCloseTo(60_000, -1);
  expect(savedMs).toBeCloseTo(174_000, -1);
});

it("a start that took longer than the setup saves nothing, and takes nothing away", async () => {
  const { profile, snapshot } = await publishReady(worker);
  await setupTook(snapshot.id, 5);
  await startedAfter(profile.id, 9);
  await startedAfter(profile.id, 1);
  expect((await readValue(profile.id)).savedMs).toBeCloseTo(4_000, -1);
});

it("a version that reused its setup counts with what it took where it was done", async () => {
  const published = await publishReady(worker);
  await setupTook(published.snapshot.id, 30);
  const { snapshot } = await publishNext(published.profile.id);
  await finishReady(await claimBuild(snapshot.id, worker));
  await setupTook(snapshot.id, 0, 1);
  await startedAfter(published.profile.id, 1);
  expect((await readValue(published.profile.id)).setupMs).toBeCloseTo(30_000, -1);
});

it("a resumption isn't a start, and what was started more than 30 days ago is over", async () => {
  const { profile, snapshot } = await publishReady(worker);
  await setupTook(snapshot.id, 60);
  const id = await startedAfter(profile.id, 2);
  for (const to of ["stopping", "stopped", "resuming", "running"] as const)
    expect(await moveSession(id, to)).toBe(true);
  expect(await readValue(profile.id)).toMatchObject({ starts: 1, startMs: { median: 2_000 } });
  await db()
    .$executeRaw`UPDATE sessions SET first_started_at = now() - interval '31 days' WHERE id = ${id}::uuid`;
  expect((await readValue(profile.id)).starts).toBe(0);
});
