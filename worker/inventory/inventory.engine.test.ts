/** What is in a snapshot, from real images by real workers, and that nobody has to wait for it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { compareSnapshots, readInventory } from "@/lib/inventories/read.server";
import { findInventory, summarizeInventory } from "@/lib/inventories/store.server";
import { claimInventory } from "@/lib/inventories/take.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import type { WorkerIdentity } from "@/worker/identity";
import { built, ended, forgeSpec, refresh } from "@/worker/testing/builds";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { takeInventory } from "./take";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

const WAIT_MS = 60_000;
const readers = async () =>
  (await containersOf(kiln.installation)).filter(({ name }) => name.startsWith("kiln-inventory-"));
const noReaders = () => until("no image to be read", async () => (await readers()).length === 0);

/** A world with a Debian's list, an npm and a pip package, and a program. */
const world = (curl: string, more = "") => `
mkdir -p /var/lib/dpkg /usr/bin /usr/local/lib/node_modules/tool /usr/local/lib/python3.12/site-packages/six-1.16.0.dist-info
printf 'Package: curl\\nStatus: install ok installed\\nVersion: ${curl}\\n\\nPackage: gone\\nStatus: deinstall ok config-files\\nVersion: 1\\n\\n' > /var/lib/dpkg/status
echo '{"name": "tool", "version": "1.0.0"}' > /usr/local/lib/node_modules/tool/package.json
printf 'Name: six\\nVersion: 1.16.0\\n\\n' > /usr/local/lib/python3.12/site-packages/six-1.16.0.dist-info/METADATA
printf '#!/bin/sh\\n' > /usr/bin/tool && chmod +x /usr/bin/tool
head -c 3000000 /dev/zero > /opt-file
${more}
`;

test("a ready snapshot's packages, programs and sizes are listed, and a refresh's changes are told", async () => {
  await kiln.startWorker();
  const first = await built({ setupScript: world("7.88.1") });
  expect(first.status).toBe("ready");
  const inventory = await readInventory(first.id, WAIT_MS);
  expect(inventory.packages).toEqual([
    { manager: "apt", name: "curl", version: "7.88.1" },
    { manager: "npm", name: "tool", version: "1.0.0" },
    { manager: "pip", name: "six", version: "1.16.0" },
  ]);
  expect(inventory).toMatchObject({
    executables: ["/usr/bin/tool"],
    baseKnown: true,
    truncated: false,
  });
  expect(inventory.executablesOnPath).toBeGreaterThan(50);
  expect(inventory.folders.find(({ path }) => path === "/")).toMatchObject({ bytes: 3_000_000 });
  expect(inventory.bytes).toBeGreaterThan(3_000_000);
  await noReaders();

  await forgeSpec(first.slug, {
    setupScript: world("8.0.0", "cp /usr/bin/tool /usr/bin/other; rm /opt-file"),
  });
  const second = await ended(await refresh(first.slug));
  expect(second.status).toBe("ready");
  const changes = await compareSnapshots(second.id, undefined, WAIT_MS);
  expect(changes).toMatchObject({
    with: { id: first.id, chosen: "earlier_snapshot" },
    packages: {
      added: [],
      removed: [],
      changed: [{ manager: "apt", name: "curl", from: "7.88.1", to: "8.0.0" }],
    },
    executables: { added: ["/usr/bin/other"], removed: [] },
  });
  expect(changes.bytes).toBeLessThan(-2_900_000);
  // The base image was read once.
  expect(await db().basePrograms.count()).toBe(1);
  await noReaders();
}, 180_000);

/** Large enough to be caught in the middle. */
const LARGE = "head -c 400000000 /dev/zero > /large; echo made";

test("a worker that is killed while it reads leaves it to the next one; one that is told to leave hands it back", async () => {
  for (const worker of kiln.workers) await worker.kill();
  const first = await kiln.startWorker({ KILN_SWEEP_SECONDS: "2" });
  const { id } = await built({ setupScript: LARGE }, 120_000);
  const reading = () =>
    until("the image to be read", async () => {
      const row = await db().inventory.findUnique({ where: { snapshotId: id } });
      return row?.takenAt ? Promise.reject(new Error("it was too fast")) : (await readers()).length > 0;
    });
  await reading();
  await first.kill();
  expect(await findInventory(id)).toMatchObject({ state: "pending", tries: 1 });
  expect(await getSnapshot(id)).toMatchObject({ status: "ready", serving: true });

  const second = await kiln.startWorker({ KILN_SWEEP_SECONDS: "2" }, { lean: true });
  expect((await readInventory(id, WAIT_MS)).bytes).toBeGreaterThan(400_000_000);
  expect(await findInventory(id)).toMatchObject({ tries: 2 });
  await until("what the killed one left to be swept", async () => (await readers()).length === 0);
  // Far less than the image, whatever the process itself needs.
  expect(second.peakMemory()).toBeLessThan(350);

  await db().inventory.delete({ where: { snapshotId: id } });
  await reading();
  const told = performance.now();
  second.signal("SIGTERM");
  expect(await second.exited).toMatchObject({ code: 0 });
  expect(performance.now() - told).toBeLessThan(10_000);
  expect(await readers()).toEqual([]);
  const { tries, takerId } = await db().inventory.findUniqueOrThrow({ where: { snapshotId: id } });
  expect([tries, takerId]).toEqual([0, null]);
}, 240_000);

test("F21: an image that goes before it is read costs a try, and nothing else", async () => {
  const last = await kiln.startWorker();
  const { id, image } = await built({ setupScript: "echo hello" });
  await readInventory(id, WAIT_MS);
  // What another test handed back may be next, and one that is killed leaves what it reads.
  await until("all to be read", async () => (await db().inventory.count({ where: { takenAt: null } })) === 0);
  await noReaders();
  await last.kill();
  await db().inventory.deleteMany();
  const row = await db().worker.findFirstOrThrow({ where: { name: last.name } });
  const worker: WorkerIdentity = { id: row.id, hostId: row.hostId, name: row.name };
  await docker.getImage(String(image?.id)).remove({ force: true });
  const take = await until("this one's turn", async () => {
    const claimed = await claimInventory(worker);
    return claimed?.snapshotId === id ? claimed : null;
  });
  await takeInventory(take, worker, createDockerEngine(), new AbortController().signal);
  expect(await summarizeInventory(id)).toMatchObject({ state: "pending", tries: 1 });
  expect((await summarizeInventory(id)).error).toMatch(/no such image/i);
  expect(await getSnapshot(id)).toMatchObject({ status: "ready" });
  expect(await readers()).toEqual([]);
}, 120_000);
