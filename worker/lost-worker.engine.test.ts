/** Workers that end without a word, or freeze: their builds go on elsewhere, and they can write nothing any more. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { BEATS_BEFORE_RECOVERY } from "@/worker/heartbeat";
import { sweep } from "@/worker/sweep/sweep";
import { built, ended, inStep, logged, publish, refresh, storedLines } from "@/worker/testing/builds";
import { inImage } from "@/worker/testing/images";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

/** Two seconds of numbered lines. */
const TICKS = 20;
const ticking = `for i in $(seq 1 ${TICKS}); do echo tick $i; sleep 0.1; done`;
const allTicks = Array.from({ length: TICKS }, (_, index) => `tick ${index + 1}`).join("\n");

/** The worker that has the build, once it printed something. */
async function workerOf(snapshotId: string): Promise<WorkerProcess> {
  const { worker: name } = await getSnapshot(snapshotId);
  const found = kiln.workers.find((worker) => worker.running && worker.name === name);
  if (!found) throw new Error(`No worker ${name} runs.`);
  return found;
}

/** It was told that it lost this build. */
const noticed = (worker: WorkerProcess, snapshotId: string) =>
  worker.lines.some((line) => line.snapshotId === snapshotId && line.msg.startsWith("the claim was lost"));

const attempt = (snapshotId: string, number: number) =>
  until(`attempt ${number}`, async () => {
    const snapshot = await getSnapshot(snapshotId);
    return snapshot.attempt === number && snapshot.status === "running" ? snapshot : null;
  });

/** What the last attempt printed. */
async function outputSince(snapshotId: string, divider: RegExp): Promise<string> {
  const lines = await storedLines(snapshotId);
  const at = lines.findLastIndex(({ text }) => divider.test(text));
  expect(at, "a divider in the log").toBeGreaterThan(0);
  return lines
    .slice(at)
    .filter(({ stream }) => stream === "stdout")
    .map(({ text }) => text)
    .join("\n");
}

test("with the times of production a dead worker's build is found in under 60 seconds", () => {
  const { KILN_LEASE_SECONDS: lease, KILN_BEAT_MS: beat } = env();
  expect([lease, beat]).toEqual([30, 5_000]);
  // It died right after it renewed; whoever looks has just been started and waits for a few beats first.
  expect(lease + ((BEATS_BEFORE_RECOVERY + 1) * beat) / 1000).toBeLessThan(60);
});

test("killed in the middle of the script: run again once, with a divider in the log", async () => {
  await Promise.all([kiln.startWorker(), kiln.startWorker()]);
  const { snapshotId } = await publish({ setupScript: ticking });
  await logged(snapshotId, "tick 5");
  const [container] = await containersOf(kiln.installation, snapshotId);
  const victim = await workerOf(snapshotId);
  const killed = performance.now();
  await victim.kill();
  await attempt(snapshotId, 2);
  const seconds = (performance.now() - killed) / 1000;
  console.error("FIGURE SIGKILL to attempt 2", seconds);
  expect(seconds).toBeLessThan(3 + 4 * 0.5 + 3);
  await until("the first container to be gone", async () =>
    (await containersOf(kiln.installation, snapshotId)).every(({ id }) => id !== container?.id),
  );
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 2, failure: null });
  expect(await outputSince(snapshotId, /^──── Attempt 1 was lost: the worker .* stopped answering/)).toBe(
    allTicks,
  );
  expect(end.steps.every(({ status }) => status === "done" || status === "skipped")).toBe(true);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
});

test("killed twice: it failed, with the reason", async () => {
  await Promise.all([kiln.startWorker(), kiln.startWorker()]);
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1000" });
  for (const number of [1, 2]) {
    await attempt(snapshotId, number);
    await until("its container", async () =>
      (await containersOf(kiln.installation, snapshotId)).some(({ running }) => running),
    );
    await (await workerOf(snapshotId)).kill();
  }
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "failed", attempt: 2, serving: false, image: null });
  expect(end.failure).toMatchObject({ code: "worker_lost" });
  expect(end.failure!.hint).not.toBe("");
  expect((await storedLines(snapshotId)).at(-1)?.text).toBe(end.failure!.message);
  await until(
    "nothing to be left",
    async () => (await containersOf(kiln.installation, snapshotId)).length === 0,
  );
});

test("killed between capture and promotion: one image in the end (F02)", async () => {
  const helper = kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: "true", check: "echo checking; sleep 2" });
  await logged(snapshotId, "checking");
  const [orphan] = await imagesOf(kiln.installation, snapshotId);
  await (await workerOf(snapshotId)).kill();
  await helper;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 2 });
  expect(end.image!.id).not.toBe(orphan);
  // As each worker does every minute.
  await sweep(await db().worker.findFirstOrThrow(), createDockerEngine(), new Set());
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  expect(await inImage(end.image!.reference, ["echo", "starts"])).toBe("starts\n");
});

test("killed inside the promoting transaction: rolled back, run again, the old one serves (F03)", async () => {
  const helper = kiln.startWorker();
  const { slug, ...first } = await built({ setupScript: "true" });
  const serving = () =>
    db().version.findFirstOrThrow({ where: { profile: { slug } }, select: { servingSnapshotId: true } });
  let snapshotId = "";
  await db().$transaction(
    async (tx) => {
      // Stands in the way of the pointer's move, and of nothing else.
      await tx.$queryRaw`SELECT id FROM versions WHERE serving_snapshot_id = ${first.id}::uuid FOR NO KEY UPDATE`;
      snapshotId = await refresh(slug);
      await until("the promotion to wait for the version", async () => {
        // Not in the transaction, which sees these statistics as they were at its first look.
        const waiting = await db().$queryRaw<
          unknown[]
        >`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE OF v%' AND datname = current_database()`;
        return waiting.length > 0;
      });
      await (await workerOf(snapshotId)).kill();
    },
    { timeout: 30_000 },
  );
  expect((await serving()).servingSnapshotId).toBe(first.id);
  await helper;
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 2 });
});

test("frozen and back: what it writes affects nothing, and it removes only what is its own (F05)", async () => {
  await kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: ticking });
  await logged(snapshotId, "tick 3");
  const frozen = await workerOf(snapshotId);
  frozen.signal("SIGSTOP");
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 2 });
  const lines = await storedLines(snapshotId);
  frozen.signal("SIGCONT");
  await until("it to notice", () => noticed(frozen, snapshotId));
  expect(await ended(snapshotId)).toEqual(end);
  expect(await storedLines(snapshotId)).toEqual(lines);
  expect(await outputSince(snapshotId, /was lost/)).toBe(allTicks);
  expect(await containersOf(kiln.installation, snapshotId)).toEqual([]);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  // And it is a worker like any other again.
  await Promise.all(kiln.workers.filter((worker) => worker !== frozen).map((worker) => worker.kill()));
  const next = await built({ setupScript: "echo goes on" });
  expect(next).toMatchObject({ status: "ready", worker: frozen.name });
});

test("frozen while the engine captures: the late image goes, the serving one keeps its name", async () => {
  await kiln.startWorker();
  const script = "mkdir /many; cd /many; seq 1 3000 | xargs touch";
  const { snapshotId } = await publish({ setupScript: script });
  await inStep(snapshotId, "capture");
  const frozen = await workerOf(snapshotId);
  frozen.signal("SIGSTOP");
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 2 });
  frozen.signal("SIGCONT");
  await until("it to notice", () => noticed(frozen, snapshotId));
  await until(
    "one image to be left",
    async () => (await imagesOf(kiln.installation, snapshotId)).length === 1,
  );
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  expect(await inImage(end.image!.reference, ["ls", "/many/3000"])).toBe("/many/3000\n");
  await frozen.kill();
});

test("an end that can't be written down doesn't hold its snapshot for ever", async () => {
  await kiln.startWorker();
  const long = await publish({ setupScript: "sleep 1000" });
  await attempt(long.snapshotId, 1);
  await db().$executeRawUnsafe(`
    CREATE FUNCTION refuse_first_end() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'not now';
    END $$`);
  await db().$executeRawUnsafe(`
    CREATE TRIGGER refuse_end BEFORE UPDATE ON snapshots
    FOR EACH ROW WHEN (NEW.status = 'failed' AND NEW.attempt = 1) EXECUTE FUNCTION refuse_first_end()`);
  const { snapshotId } = await publish({ setupScript: "exit 3" });
  // Meanwhile the same worker goes on renewing what it does hold.
  const end = await ended(snapshotId, 20_000);
  expect(end).toMatchObject({ status: "failed", attempt: 2, failure: { code: "setup_failed", exitCode: 3 } });
  expect(await getSnapshot(long.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
  await db().$executeRawUnsafe("DROP TRIGGER refuse_end ON snapshots");
});

test("no worker of this file had anything to say that it hadn't expected", () => {
  for (const worker of kiln.workers) expect(worker.noise).toEqual([]);
});
