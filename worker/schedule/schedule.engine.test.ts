import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChannel } from "@/lib/channels/store.server";
import { db } from "@/lib/db/client.server";
import { listRuns, putSchedule } from "@/lib/schedules/store.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { systemActor } from "@/lib/users/roles";
import { built, ended, forgeSpec, publish, refresh } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

const nightly = { cron: "0 3 * * *", timezone: "UTC", enabled: true };

test("what is due is built by one of two workers, once; a failure is told once, and what works stays in use", async () => {
  const told: string[] = [];
  const receiver = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (piece: string) => told.push(piece));
    request.on("end", () => response.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  await createChannel(systemActor, {
    ...{ kind: "slack", name: "Team", url: `http://127.0.0.1:${port}/`, allowPrivate: true },
    events: ["snapshot.first_failure", "snapshot.failed"],
    profiles: [],
  });
  await Promise.all([kiln.startWorker(), kiln.startWorker()]);
  const first = await built({ setupScript: "true" });
  expect(first).toMatchObject({ status: "ready", serving: true });
  await putSchedule(systemActor, first.slug, 1, nightly);
  await forgeSpec(first.slug, { setupScript: "exit 3" });
  await db().$executeRaw`UPDATE schedules SET due_at = now(), run_at = now()`;
  const run = await until(
    "its time to be settled",
    async () => (await listRuns(first.slug, 1, { limit: 10 })).items[0],
  );
  expect(run).toMatchObject({ outcome: "ran", snapshot: { number: 2 } });
  const end = await ended(run.snapshot?.id ?? "");
  expect(end).toMatchObject({ status: "failed", trigger: "schedule" });
  await until("the message", async () => told.length > 0);
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("#2");
  expect((await listRuns(first.slug, 1, { limit: 10 })).items).toHaveLength(1);
  const version = await db().version.findFirstOrThrow({ where: { profile: { slug: first.slug } } });
  expect(version.servingSnapshotId).toBe(first.id);
  receiver.closeAllConnections();
  receiver.close();
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
});

test("a person's refresh overtakes a queue of scheduled ones", async () => {
  const profiles = [];
  for (let each = 0; each < 4; each += 1) profiles.push(await publish({ setupScript: `echo ${each}` }));
  // What publishing asked for is out of the way.
  for (const { snapshotId } of profiles)
    await db().snapshot.update({ where: { id: snapshotId }, data: { status: "cancelled" } });
  const scheduled: string[] = [];
  for (const { snapshotId } of profiles.slice(0, 3)) {
    const { versionId } = await db().snapshot.findUniqueOrThrow({ where: { id: snapshotId } });
    const request = { versionId, trigger: "schedule", mode: "full" } as const;
    scheduled.push((await db().$transaction((tx) => requestSnapshot(tx, systemActor, request))).snapshot.id);
  }
  const person = await refresh(profiles[3]?.slug ?? "");
  await kiln.startWorker({ KILN_WORKER_CONCURRENCY: "1" });
  const started = async (id: string) => Date.parse((await ended(id)).startedAt ?? "");
  const mine = await started(person);
  for (const id of scheduled) expect(await started(id)).toBeGreaterThan(mine);
});
