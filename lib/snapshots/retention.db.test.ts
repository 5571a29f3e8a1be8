/** What retention takes away, and above all what it doesn't (I8, F21). */
import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import { deleteSession } from "@/lib/sessions/delete.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { claimRefresh, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import type { Published } from "@/prisma/factories/profiles";
import { makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { listExpired, retire, retireSnapshots } from "./retention.server";
import { serveSnapshot } from "./serve.server";
import { getSnapshot } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

/** A profile whose version 1 has `count` ready snapshots. */
async function publishMany(count: number): Promise<Published> {
  const published = await publishReady(worker);
  for (let i = 1; i < count; i += 1) await finishReady(await claimRefresh(published, worker));
  return published;
}

/** The numbers of those that still are ready. */
async function kept({ profile }: Published): Promise<number[]> {
  const rows = await db().snapshot.findMany({
    where: { profileId: profile.id, status: "ready" },
    orderBy: { number: "asc" },
  });
  return rows.map(({ number }) => number);
}

const idOf = async ({ profile }: Published, number: number) =>
  (await db().snapshot.findFirstOrThrow({ where: { profileId: profile.id, number } })).id;

it("keeps the newest of each version, three unless the profile says otherwise", async () => {
  const published = await publishMany(6);
  await retireSnapshots(worker.hostId);
  expect(await kept(published)).toEqual([4, 5, 6]);
  await updateProfile(operator, published.profile.id, { keepSnapshots: 1 });
  await retireSnapshots(worker.hostId);
  expect(await kept(published)).toEqual([6]);
  const removed = await getSnapshot(await idOf(published, 1));
  expect(removed).toMatchObject({ status: "removed", image: null, failure: null });
  expect(removed.log.lines).toBeGreaterThan(0);
  expect(await db().auditEntry.count({ where: { action: "snapshot.removed", objectId: removed.id } })).toBe(
    1,
  );
});

it("keeps the serving one, however old, and those of sessions that aren't deleted", async () => {
  const published = await publishMany(2);
  await serveSnapshot(operator, published.snapshot.id, "back");
  const session = await makeSession(published.profile.id);
  await serveSnapshot(operator, await idOf(published, 2), "forward");
  for (let i = 0; i < 3; i += 1) await finishReady(await claimRefresh(published, worker));
  await serveSnapshot(operator, await idOf(published, 2), "back again");
  await finishFailed(await claimRefresh(published, worker));
  await stopSession(operator, session.id);
  await retireSnapshots(worker.hostId);
  expect(await kept(published)).toEqual([1, 2, 3, 4, 5]);
  await deleteSession(operator, session.id);
  await retireSnapshots(worker.hostId);
  expect(await kept(published)).toEqual([2, 3, 4, 5]);
});

it("keeps only the serving one where the disk is nearly full; other hosts' aren't its business", async () => {
  const published = await publishMany(3);
  const elsewhere = await makeWorker();
  await retireSnapshots(elsewhere.hostId, "serving_only");
  expect(await kept(published)).toEqual([1, 2, 3]);
  await retireSnapshots(worker.hostId, "serving_only");
  expect(await kept(published)).toEqual([3]);
  expect(await listExpired(worker.hostId, "serving_only")).toEqual([]);
});

it("F21: a start that holds the snapshot is seen by the removal, and the other way round", async () => {
  const published = await publishMany(2);
  const old = published.snapshot.id;
  await db().$transaction(async (start) => {
    await start.$queryRaw`SELECT id FROM snapshots WHERE id = ${old}::uuid FOR SHARE`;
    expect(await retire(old, 1)).toBe(false);
  });
  await serveSnapshot(operator, old, "to start from it");
  const session = await createSession(operator, { profile: published.profile.id, env: {} });
  await serveSnapshot(operator, await idOf(published, 2), "away from it");
  expect([session.snapshotId, await retire(old, 1)]).toEqual([old, false]);
});

it("F21: starts, rollbacks and removals at once leave no session without its image", async () => {
  for (let round = 0; round < 10; round += 1) {
    const published = await publishMany(2);
    const second = await idOf(published, 2);
    const starts = await Promise.all([
      serveSnapshot(operator, published.snapshot.id, "race").then(
        () => null,
        () => null,
      ),
      ...[1, 2, 3].map(() => createSession(operator, { profile: published.profile.id, env: {} })),
      retire(published.snapshot.id, 1).then(() => null),
      retire(second, 1).then(() => null),
    ]);
    for (const session of starts)
      if (session) expect((await getSnapshot(session.snapshotId)).image).not.toBeNull();
  }
});
