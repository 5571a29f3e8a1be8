/** The row decides, the queue only delivers: twice, too late, or never. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { enqueueBuild } from "@/lib/jobs/boss.server";
import { buildQueue } from "@/lib/jobs/queues";
import { built, ended, logged, publish, refresh, storedLines } from "@/worker/testing/builds";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

/** Sends it once more, past the queue's own guard against that. */
const sendAgain = (snapshotId: string, copy: number) => enqueueBuild(db(), { snapshotId }, 1000 + copy, 0);

const openJobs = async (snapshotId: string) => {
  const jobs = await db().$queryRaw<Array<{ state: string }>>`
    SELECT state::text AS state FROM pgboss.job
    WHERE name = ${buildQueue} AND data->>'snapshotId' = ${snapshotId} AND state < 'completed'`;
  return jobs.length;
};

test("one job delivered seven times, to two workers at once: one build (F06)", async () => {
  const { snapshotId } = await publish({ setupScript: "echo once; sleep 1" });
  for (const copy of [1, 2, 3, 4, 5, 6]) await sendAgain(snapshotId, copy);
  expect(await openJobs(snapshotId)).toBe(7);
  await Promise.all([kiln.startWorker(), kiln.startWorker()]);
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  await until("all deliveries to be done", async () => (await openJobs(snapshotId)) === 0);
  const lines = await storedLines(snapshotId);
  expect(lines.filter(({ text }) => text.startsWith("Picked up by"))).toHaveLength(1);
  expect(lines.filter(({ text }) => text === "once")).toHaveLength(1);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
});

test("a delivery after the end finds a terminal row and goes away (F04)", async () => {
  const end = await built({ setupScript: "true" });
  const lines = await storedLines(end.id);
  await sendAgain(end.id, 1);
  await until("the delivery to be done", async () => (await openJobs(end.id)) === 0);
  expect({ ...(await ended(end.id)), slug: end.slug }).toEqual(end);
  expect(await storedLines(end.id)).toEqual(lines);
  expect(await containersOf(kiln.installation, end.id)).toEqual([]);
});

test("a delivery for a snapshot that isn't there, and one that can't be read, are dropped (F24)", async () => {
  const absent = "01a209f2-fe05-746e-8e7f-7ca9afce4917";
  await sendAgain(absent, 1);
  await db()
    .$executeRaw`INSERT INTO pgboss.job (name, data, policy, singleton_key) VALUES (${buildQueue}, '{"snapshotId": 7}', 'exclusive', 'broken')`;
  await until("both to be done", async () => {
    const [row] = await db().$queryRaw<
      Array<{ open: number }>
    >`SELECT count(*)::int AS open FROM pgboss.job WHERE name = ${buildQueue} AND state < 'completed'`;
    return row?.open === 0;
  });
  expect(await built({ setupScript: "echo still here" })).toMatchObject({ status: "ready" });
});

test("a delivery that was lost is sent again; so is one that died between the queue and the claim", async () => {
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  const lost = await publish({ setupScript: "true" });
  await db()
    .$executeRaw`DELETE FROM pgboss.job WHERE name = ${buildQueue} AND data->>'snapshotId' = ${lost.snapshotId}`;
  const died = await publish({ setupScript: "true" });
  // Fetched by a worker that was killed before it claimed: the job stays active for as long as a build may take.
  await db().$executeRaw`
    UPDATE pgboss.job SET state = 'active', started_on = now()
    WHERE name = ${buildQueue} AND data->>'snapshotId' = ${died.snapshotId}`;
  await kiln.startWorker();
  // After ten seconds in the queue; here these are over already.
  await db()
    .$executeRaw`UPDATE snapshots SET queued_at = queued_at - interval '10 seconds' WHERE status = 'queued'`;
  for (const { snapshotId } of [lost, died])
    expect(await ended(snapshotId, 20_000)).toMatchObject({ status: "ready", attempt: 1 });
});

test("killed after the promotion, before the queue heard of it: nothing is built twice, and the next refresh is built (F04)", async () => {
  const victim = kiln.workers.find(({ running }) => running) ?? (await kiln.startWorker());
  await Promise.all(kiln.workers.filter((worker) => worker !== victim).map((worker) => worker.kill()));
  const { slug, snapshotId } = await publish({ setupScript: "echo up; sleep 2" });
  await logged(snapshotId, "up");
  const end = await db().$transaction(
    async (tx) => {
      // Stands in the way of the delivery's end, and of nothing else.
      await tx.$queryRaw`
        SELECT id FROM pgboss.job WHERE name = ${buildQueue} AND data->>'snapshotId' = ${snapshotId} FOR UPDATE`;
      const ready = await ended(snapshotId);
      const waiting = await until("the delivery's end to wait", async () => {
        const rows = await db().$queryRaw<Array<{ pid: number }>>`
          SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%pgboss%completed%'`;
        return rows.length > 0 && rows;
      });
      await victim.kill();
      // The server would do what it was asked for, though nobody is there any more.
      for (const { pid } of waiting) await db().$queryRaw`SELECT pg_terminate_backend(${pid}::int)`;
      return ready;
    },
    { timeout: 60_000 },
  );
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 1 });
  expect(await openJobs(snapshotId)).toBe(1);
  const lines = await storedLines(snapshotId);
  await kiln.startWorker();
  // The delivery that nobody ended stands in no one's way.
  const next = await ended(await refresh(slug));
  expect(next).toMatchObject({ status: "ready", serving: true, attempt: 1 });
  const { image, finishedAt } = end;
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1, image, finishedAt });
  expect(await storedLines(snapshotId)).toEqual(lines);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  expect(await db().snapshot.count({ where: { profile: { slug } } })).toBe(2);
});
