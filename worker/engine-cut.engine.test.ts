/** F17: what is between a worker and its engine is cut, goes silent, or isn't there: a proxy in front of the real one. */
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listHosts } from "@/lib/hosts/store.server";
import { hintFor } from "@/lib/snapshots/failure";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { type EngineProxy, engineProxy } from "@/worker/containers/docker/testing/proxy";
import { ended, logged, output, publish, refresh, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { WorkerProcess } from "@/worker/testing/worker-process";

const LINES = 60;
const COUNTS = `i=0; while [ $i -lt ${LINES} ]; do i=$((i + 1)); echo "line $i"; sleep 0.1; done`;
const ALL = Array.from({ length: LINES }, (_, index) => `line ${index + 1}`).join("\n");

let kiln: TestKiln;
let proxy: EngineProxy;
beforeAll(async () => {
  kiln = await startKiln();
  proxy = await engineProxy();
  await kiln.startWorker({ DOCKER_HOST: proxy.dockerHost, KILN_ENGINE_SECONDS: "4" });
});
afterAll(async () => {
  await Promise.all(kiln.workers.map((worker) => worker.kill()));
  await proxy.close();
  await kiln.cleanUp();
});

const socket = () => proxy.dockerHost.replace("unix://", "");

test("every connection is cut, again and again: the same attempt goes on, with each line once", async () => {
  const { snapshotId } = await publish({ setupScript: COUNTS });
  for (const line of [5, 15, 25, 35, 45, 55]) {
    await logged(snapshotId, `line ${line}`);
    proxy.cut();
  }
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await output(snapshotId)).toBe(ALL);
});

test("cut just before its end: what it said after that is there", async () => {
  const { snapshotId } = await publish({ setupScript: "echo up; sleep 1; echo down; sleep 1; echo out" });
  await logged(snapshotId, "up");
  proxy.cut();
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await output(snapshotId)).toBe("up\ndown\nout");
});

test("a connection that falls silent for ever: what is said meanwhile is heard, from the engine's copy", async () => {
  // Not the script of another test: its result would be there already.
  const { snapshotId } = await publish({ setupScript: `true; ${COUNTS}` });
  await logged(snapshotId, "line 10");
  proxy.freeze();
  await until("the silence to have swallowed something", () => proxy.swallowed() > 0);
  proxy.thaw();
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
  expect(await output(snapshotId)).toBe(ALL);
});

test("gone for longer than a build waits: it fails with what to do, what served goes on serving, and others wait", async () => {
  const { slug, snapshotId } = await publish({ setupScript: "echo one" });
  expect(await ended(snapshotId)).toMatchObject({ status: "ready", serving: true });
  const { snapshotId: lost } = await publish({ setupScript: "echo up; sleep 600" });
  await logged(lost, "up");
  const address = socket();
  await proxy.close();
  const failed = await ended(lost);
  expect(failed.failure).toMatchObject({
    code: "engine_unavailable",
    step: "setup",
    hint: hintFor("engine_unavailable"),
  });
  expect(await getSnapshot(snapshotId)).toMatchObject({ status: "ready", serving: true });
  const [sick] = await listHosts();
  expect(sick?.health).toMatchObject({ status: "unhealthy", since: expect.any(String) });
  expect(sick?.health.error).toContain(address);

  const waiting = await refresh(slug);
  await until("the reason to wait", async () => {
    const { status, waitingReason } = await getSnapshot(waiting);
    return status === "queued" && waitingReason === `Waiting: the engine of ${sick?.name} doesn't answer.`;
  });
  await rm(address, { force: true });
  proxy = await engineProxy(address);
  expect(await ended(waiting)).toMatchObject({ status: "ready", attempt: 1, waitingReason: null });
  expect((await listHosts())[0]?.health).toEqual({ status: "healthy", since: null, error: null });
  const said = (await storedLines(lost)).map(({ text }) => text);
  expect(said.some((text) => text.startsWith("──── The container engine doesn't answer: "))).toBe(true);
}, 180_000);

test("not there when a worker starts: it waits for it; in vain, it ends with one sentence", async () => {
  const address = socket();
  await proxy.close();
  const early = kiln.startWorker({ DOCKER_HOST: proxy.dockerHost, KILN_ENGINE_SECONDS: "60" });
  const vain = WorkerProcess.start(kiln.database.url, {
    DOCKER_HOST: proxy.dockerHost,
    KILN_ENGINE_SECONDS: "3",
  });
  await expect(vain).rejects.toThrow(
    /"msg":"The container engine didn't answer for 3 s: .* then start this worker again\."/,
  );
  proxy = await engineProxy(address);
  expect((await early).said("the container engine doesn't answer; waiting for it")).toBeDefined();
});
