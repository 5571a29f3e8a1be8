/** F14: Postgres is gone for a whole minute while builds print, end and wait. In a file of its own: it takes as long. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { ended, logged, output, publish, storedLines } from "@/worker/testing/builds";
import { type DatabaseProxy, databaseProxy } from "@/worker/testing/database-proxy";
import { containersOf, imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import type { WorkerProcess } from "@/worker/testing/worker-process";

const GONE_MS = 60_000;

let kiln: TestKiln;
let proxy: DatabaseProxy;
let worker: WorkerProcess;
beforeAll(async () => {
  kiln = await startKiln();
  proxy = await databaseProxy(kiln.database.url);
  // With the leases and beats of production: five leases long, it is away.
  worker = await kiln.startWorker({
    DATABASE_URL: proxy.url,
    KILN_LEASE_SECONDS: "12",
    KILN_BEAT_MS: "2500",
  });
});
afterAll(async () => {
  await kiln.cleanUp();
  await proxy.close();
});

const printing = (lines: number) => `for i in $(seq 1 ${lines}); do echo "line $i"; sleep 0.1; done`;
const printed = (lines: number) =>
  Array.from({ length: lines }, (_, index) => `line ${index + 1}`).join("\n");

test("builds that print, end, or run out of time meanwhile come to the end that they would have come to", async () => {
  const long = await publish({ setupScript: printing(700), check: "echo checked" });
  const short = await publish({ setupScript: printing(100) });
  const endless = await publish({
    setupScript: "echo begun; sleep 1000",
    timeouts: { setupSeconds: 20 },
  });
  const all = [long, short, endless].map(({ snapshotId }) => snapshotId);
  await Promise.all([logged(long.snapshotId, "line 10"), logged(short.snapshotId, "line 10")]);
  await logged(endless.snapshotId, "begun");
  await proxy.away(() => pause(GONE_MS));
  // Asked for at the first moment that it can be.
  const next = await publish({ setupScript: "echo next" });

  const [first, second, third, fourth] = await Promise.all(
    [...all, next.snapshotId].map((id) => ended(id, 90_000)),
  );
  for (const end of [first, second, fourth])
    expect(end, worker.errors()).toMatchObject({ status: "ready", attempt: 1, failure: null, serving: true });
  expect(third).toMatchObject({ status: "failed", attempt: 1, failure: { code: "setup_timed_out" } });
  expect(await output(long.snapshotId)).toBe(printed(700));
  expect(await output(short.snapshotId)).toBe(printed(100));
  for (const id of all) {
    const said = (await storedLines(id)).map(({ text }) => text);
    expect(said.filter((text) => /Attempt|goes on with/.test(text))).toEqual([]);
    await until("its containers to be gone", async () => {
      return (await containersOf(kiln.installation, id)).length === 0;
    });
  }
  const { image } = await getSnapshot(short.snapshotId);
  expect(await imagesOf(kiln.installation, short.snapshotId)).toEqual([image?.id]);
  // It was the same process all the time, and nothing in it went unheard.
  expect(worker.running).toBe(true);
  expect(worker.noise).toEqual([]);
}, 240_000);
