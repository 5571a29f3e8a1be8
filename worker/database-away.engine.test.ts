/** The database hiccups, goes away, or loses an answer in the middle of builds (F14, F15): nothing is lost, nothing twice. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import {
  built,
  ended,
  inStep,
  logged,
  operator,
  output,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { type DatabaseFaults, databaseFaults } from "@/worker/testing/database-faults";
import { type DatabaseProxy, databaseProxy } from "@/worker/testing/database-proxy";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

let kiln: TestKiln;
let faults: DatabaseFaults;
let proxy: DatabaseProxy;
let worker: WorkerProcess;
beforeAll(async () => {
  kiln = await startKiln();
  faults = await databaseFaults(kiln.database.url);
  proxy = await databaseProxy(kiln.database.url);
  worker = await kiln.startWorker({ DATABASE_URL: proxy.url }, { lean: true });
});
afterAll(async () => {
  await faults.close();
  await kiln.cleanUp();
  await proxy.close();
});

const counting = (lines: number) => `for i in $(seq 1 ${lines}); do echo "line $i"; sleep 0.02; done`;
const counted = (lines: number) =>
  Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join("\n");

test("all connections end in the middle of a script: its log is whole", async () => {
  const { snapshotId } = await publish({ setupScript: counting(150) });
  for (const at of [20, 60, 100]) {
    await logged(snapshotId, `line ${at}`);
    await faults.cut();
  }
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1, failure: null });
  expect(await output(snapshotId)).toBe(counted(150));
});

test("away for longer than a lease: the build isn't thrown away, nor is what it printed meanwhile", async () => {
  const { snapshotId } = await publish({ setupScript: counting(250) });
  await logged(snapshotId, "line 10");
  const failed = () => worker.lines.filter(({ msg }) => msg === "a heartbeat failed").length;
  const before = failed();
  // Half a second each, and a lease is three.
  await faults.away(async () => void (await until("eight beats to fail", () => failed() >= before + 8)));
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1, failure: null });
  expect(await output(snapshotId)).toBe(counted(250));
});

test("away while a script ends: it waits, and goes on to capture and promote", async () => {
  const { snapshotId } = await publish({ setupScript: "echo going; sleep 1; echo gone" });
  await logged(snapshotId, "going");
  await faults.away(async () => {
    await until("the container to have ended", async () =>
      (await containersOf(kiln.installation, snapshotId)).every(({ running }) => !running),
    );
    await until("the worker to notice", () => worker.said("the database is away; trying again"));
  });
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1, serving: true });
  expect(await output(snapshotId)).toBe("going\ngone");
});

test("away while a script prints fast: the script isn't held up, the memory stays small, and nothing is lost", async () => {
  const before = worker.peakMemory();
  const { snapshotId } = await publish({
    setupScript: "echo going; sleep 1; seq 1 1500000; echo gone",
  });
  await logged(snapshotId, "going");
  await proxy.away(async () => {
    await until("the container to have ended", async () =>
      (await containersOf(kiln.installation, snapshotId)).every(({ running }) => !running),
    );
  });
  const end = await ended(snapshotId);
  expect(end, worker.errors()).toMatchObject({ status: "ready", attempt: 1, log: { cut: null } });
  const numbers = (await output(snapshotId)).split("\n");
  expect(numbers.length).toBe(1_500_002);
  expect(numbers.findIndex((text, index) => index > 0 && index <= 1_500_000 && text !== `${index}`)).toBe(-1);
  expect(worker.peakMemory() - before).toBeLessThan(100);
}, 120_000);

test("away when a worker starts: it waits for it", async () => {
  const way = await databaseProxy(kiln.database.url);
  let coming: Promise<WorkerProcess> | undefined;
  await way.away(async () => {
    coming = kiln.startWorker({ DATABASE_URL: way.url });
    await until("it to have asked several times", () => way.refused() > 4);
  });
  await (await coming)?.kill();
  await way.close();
});

test("connections that end all the time, at every step of several builds", async () => {
  // Each in its own words: nothing of one is used again by another.
  const builds = [1, 2, 3, 4].map((build) =>
    publish({ setupScript: `: ${build}\n${counting(20)}`, check: "echo checked" }),
  );
  const published = await Promise.all(builds);
  const all = Promise.all(published.map(({ snapshotId }) => ended(snapshotId, 90_000)));
  const cuts = await faults.cutDuring(all, 400);
  expect(cuts).toBeGreaterThan(3);
  for (const end of await all) {
    expect(end, worker.errors()).toMatchObject({ status: "ready", failure: null, serving: true });
    const texts = (await storedLines(end.id)).map(({ text }) => text);
    // A cut between the queue and the claim may cost an attempt before it began; then there is a divider.
    const last = texts.findLastIndex((text) => text.startsWith("Picked up by"));
    expect(
      texts
        .slice(last)
        .filter((text) => text.startsWith("line "))
        .join("\n"),
    ).toBe(counted(20));
    expect(await imagesOf(kiln.installation, end.id)).toContain(end.image!.id);
  }
});

test("afterwards the queue delivers and a cancellation is heard at once", async () => {
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1000" });
  await logged(snapshotId, "up");
  const started = performance.now();
  await cancelSnapshot(operator, snapshotId);
  expect(await ended(snapshotId)).toMatchObject({ status: "cancelled" });
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("the answer to a promotion is lost: it is ready, and its image stays (F15)", async () => {
  const first = await built({ setupScript: "true" });
  proxy.loseCommitOf("serving_snapshot_id = s.id");
  const snapshotId = await refresh(first.slug);
  const end = await ended(snapshotId);
  expect(proxy.lost()).toBe(1);
  expect(end).toMatchObject({ status: "ready", serving: true, attempt: 1 });
  await until("the worker to be done with it", () =>
    worker.lines.some((line) => line.snapshotId === snapshotId && line.msg === "snapshot ready"),
  );
  await until(
    "its container to be gone",
    async () => (await containersOf(kiln.installation, snapshotId)).length === 0,
  );
  expect(await imagesOf(kiln.installation, snapshotId)).toEqual([end.image!.id]);
});

test("the answer to a claim is lost: the build is found and run", async () => {
  proxy.loseCommitOf("attempt = attempt + 1");
  const { snapshotId } = await publish({ setupScript: "echo found" });
  const end = await ended(snapshotId);
  expect(proxy.lost()).toBe(2);
  expect(end).toMatchObject({ status: "ready", attempt: 1 });
});

test("the answer to a failure is lost: it failed once", async () => {
  const { snapshotId } = await publish({ setupScript: "echo so far; sleep 1; exit 3" });
  await inStep(snapshotId, "setup");
  proxy.loseCommitOf("failure_code");
  const end = await ended(snapshotId);
  expect(end).toMatchObject({ status: "failed", attempt: 1, failure: { code: "setup_failed", exitCode: 3 } });
  expect((await storedLines(snapshotId)).filter(({ text }) => text.startsWith("Failed:"))).toHaveLength(1);
});

test("through all of it there was no unhandled rejection, and it is the same process", () => {
  expect(worker.running).toBe(true);
  expect(worker.noise).toEqual([]);
});
