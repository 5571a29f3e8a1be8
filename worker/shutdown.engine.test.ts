/** A worker that is told to leave: takes nothing new, lets go of what runs, and says goodbye (F23). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { ended, logged, operator, output, publish } from "@/worker/testing/builds";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

const row = (name: string) => db().worker.findFirstOrThrow({ where: { name } });

test("an idle worker leaves at once", async () => {
  const worker = await kiln.startWorker();
  const started = performance.now();
  worker.signal("SIGTERM");
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await row(worker.name)).toMatchObject({ status: "stopped" });
  expect(worker.noise).toEqual([]);
});

test("a running build goes on without it, and the next worker follows it: a deployment costs nothing", async () => {
  const leaving = await kiln.startWorker();
  const { snapshotId } = await publish({
    setupScript: "for i in $(seq 1 30); do echo tick $i; sleep 0.1; done; printf half; sleep 1; echo ' line'",
  });
  await logged(snapshotId, "tick 4");
  const started = performance.now();
  leaving.signal("SIGTERM");
  expect(await leaving.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(10_000);
  const [left] = await containersOf(kiln.installation, snapshotId);
  expect(left).toMatchObject({ running: true });
  expect(await getSnapshot(snapshotId)).toMatchObject({ status: "running", worker: null, attempt: 1 });

  const taking = await kiln.startWorker();
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1, worker: taking.name });
  const ticks = Array.from({ length: 30 }, (_, index) => `tick ${index + 1}`);
  expect(await output(snapshotId)).toBe([...ticks, "half line"].join("\n"));
  const row = await db().snapshot.findUniqueOrThrow({ where: { id: snapshotId } });
  expect(row).toMatchObject({ losses: 0, takeovers: 0 });
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
  await taking.kill();
});

test("let go of after the capture: its image is the one that serves", async () => {
  const leaving = await kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: "true", check: "echo checking; sleep 2" });
  await logged(snapshotId, "checking");
  const [first] = await imagesOf(kiln.installation, snapshotId);
  leaving.signal("SIGTERM");
  expect(await leaving.exited).toEqual({ code: 0, signal: null });
  await kiln.startWorker();
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
  expect(end.image!.id).toBe(first);
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([first]);
});

test("what is asked for while it leaves waits for another one", async () => {
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  const leaving = await kiln.startWorker({ KILN_WORKER_CONCURRENCY: "1" });
  const first = await publish({ setupScript: "echo up; sleep 1000" });
  const waiting = await Promise.all([1, 2, 3].map(() => publish({ setupScript: "echo later" })));
  await logged(first.snapshotId, "up");
  leaving.signal("SIGTERM");
  waiting.push(await publish({ setupScript: "echo later" }));
  await leaving.exited;
  for (const { snapshotId } of waiting)
    expect(await getSnapshot(snapshotId)).toMatchObject({ status: "queued", attempt: 0 });
  await cancelSnapshot(operator, first.snapshotId);
  await kiln.startWorker();
  for (const { snapshotId } of waiting)
    expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
});

test("a cancellation that arrives while it leaves is carried out by it or by the next one", async () => {
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  const leaving = await kiln.startWorker();
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1000" });
  await logged(snapshotId, "up");
  await db()
    .$executeRaw`UPDATE snapshots SET cancel_requested_at = now(), cancel_requested_by = 'Olga' WHERE id = ${snapshotId}::uuid`;
  leaving.signal("SIGTERM");
  await leaving.exited;
  await kiln.startWorker();
  expect(await ended(snapshotId)).toMatchObject({ status: "cancelled", attempt: 1 });
  await until("its container to be gone", async () => (await containersOf(kiln.installation, snapshotId)).length === 0);
});

test("a second SIGTERM ends it at once; its build is found as any lost one", async () => {
  const leaving = await kiln.startWorker();
  const { snapshotId } = await publish({
    setupScript: "for i in $(seq 1 20); do echo tick $i; sleep 0.1; done",
  });
  await logged(snapshotId, "tick 2");
  const taking = kiln.startWorker();
  leaving.signal("SIGTERM");
  await until("it to be on its way", () => leaving.said("worker is shutting down"));
  leaving.signal("SIGTERM");
  const exit = await leaving.exited;
  expect([0, 1]).toContain(exit.code);
  await taking;
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
});
