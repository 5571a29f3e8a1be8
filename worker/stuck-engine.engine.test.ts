/** An engine that accepts and never answers: its worker can still leave in order. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { type EngineProxy, engineProxy } from "@/worker/containers/docker/testing/proxy";
import { ended, logged, output, publish } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
let proxy: EngineProxy;
beforeAll(async () => {
  kiln = await startKiln();
  proxy = await engineProxy();
});
afterAll(async () => {
  await kiln.cleanUp();
  await proxy.close();
});

test("told to leave while its engine is stuck: the build is handed back all the same, and another worker finishes it", async () => {
  const stuck = await kiln.startWorker({ DOCKER_HOST: proxy.dockerHost });
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1; echo done" });
  await logged(snapshotId, "up");
  const [left] = await containersOf(kiln.installation, snapshotId);
  proxy.freeze();
  const started = performance.now();
  stuck.signal("SIGTERM");
  expect(await stuck.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(await getSnapshot(snapshotId)).toMatchObject({ status: "running", attempt: 1, worker: null });
  await kiln.startWorker();
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await output(snapshotId)).toBe("up\ndone");
  expect(await db().snapshot.findUniqueOrThrow({ where: { id: snapshotId } })).toMatchObject({ losses: 0 });
  await until("what the stuck one left to be swept", async () =>
    (await containersOf(kiln.installation, snapshotId)).every(({ id }) => id !== left?.id),
  );
});
