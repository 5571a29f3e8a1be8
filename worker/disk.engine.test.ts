/** F18: below the floor builds wait and say why, and old snapshots go first; then they are built. */
import { statfs } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listHosts } from "@/lib/hosts/store.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { ended, publish, refresh } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

test("the engine's disk is the one that its folder is on; one that can't be seen is unknown", async () => {
  const { dataRoot, freeBytes, totalBytes } = await createDockerEngine().disk();
  expect(dataRoot).toMatch(/^\//);
  const { blocks, bsize } = await statfs(dataRoot);
  expect(totalBytes).toBe(blocks * bsize);
  expect(freeBytes).toBeLessThan(totalBytes ?? 0);
});

test("builds wait with the reason, old snapshots lose their images, and the build goes on when there is room", async () => {
  const roomy = await kiln.startWorker();
  const { slug, snapshotId } = await publish({ setupScript: "echo one" });
  await ended(snapshotId);
  const second = await ended(await refresh(slug));
  expect(second).toMatchObject({ status: "ready", serving: true });
  await roomy.kill();

  const full = await kiln.startWorker({ KILN_DISK_FLOOR_MB: "1000000000" });
  const waiting = await refresh(slug);
  const said = await until("the reason", async () => (await getSnapshot(waiting)).waitingReason);
  expect(said).toMatch(/^Waiting: [\d.]+ GB free on .+, 976562\.5 GB needed\.$/);
  const old = await until("the old snapshot to go", async () => {
    const snapshot = await getSnapshot(snapshotId);
    return snapshot.status === "removed" ? snapshot : null;
  });
  expect(old.image).toBeNull();
  expect(await getSnapshot(second.id)).toMatchObject({ status: "ready", serving: true });
  expect(await getSnapshot(waiting)).toMatchObject({ status: "queued", attempt: 0 });
  const [host] = (await listHosts()).filter(({ workers }) => workers.length > 0);
  expect(host?.disk?.totalBytes).toBeGreaterThan(0);
  await full.kill();

  await kiln.startWorker();
  expect(await ended(waiting)).toMatchObject({ status: "ready", serving: true, waitingReason: null });
}, 90_000);
