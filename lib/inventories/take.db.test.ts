/** Whose turn an inventory is: one taker, three tries, nothing twice, and nothing by a worker that was lost. */
import { expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { setWorkerStatus } from "@/lib/hosts/store.server";
import { retire } from "@/lib/snapshots/retention.server";
import { claimRefresh, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { fillInventory, makeContent } from "@/prisma/factories/inventories";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { findInventory, summarizeInventory } from "./store.server";
import {
  claimInventory,
  readBasePrograms,
  readTakers,
  releaseInventory,
  shareInventories,
  storeBasePrograms,
  storeInventory,
} from "./take.server";

useSuiteDatabase();

/** A host of its own, with a worker and one ready snapshot. */
async function ready(): Promise<{ worker: TestWorker; id: string }> {
  const worker = await makeWorker();
  const { snapshot } = await publishReady(worker);
  return { worker, id: snapshot.id };
}

/** Another worker on the same engine. */
async function colleague({ hostId }: TestWorker): Promise<TestWorker> {
  const { engineId } = await db().host.findUniqueOrThrow({ where: { id: hostId } });
  return makeWorker(engineId);
}

/** As if the time until the next try had passed. */
const letTimePass = (id: string) =>
  db()
    .$executeRaw`UPDATE inventories SET retry_at = retry_at - interval '1 hour' WHERE snapshot_id = ${id}::uuid`;

it("is claimed once, stored once, and then nothing is missing", async () => {
  const { worker, id } = await ready();
  const other = await colleague(worker);
  expect(await summarizeInventory(id)).toMatchObject({ state: "pending", tries: 0, packages: [] });
  const takes = await Promise.all([claimInventory(worker), claimInventory(other)]);
  const taken = takes.filter((take) => take !== null);
  expect(taken.map(({ snapshotId }) => snapshotId)).toEqual([id]);
  const [taker, late] = takes[0] ? [worker, other] : [other, worker];
  expect(await readTakers(worker.hostId)).toEqual(new Set([taker.id]));
  expect(await storeInventory(id, late.id, makeContent())).toBe(false);
  expect(await storeInventory(id, taker.id, makeContent())).toBe(true);
  expect(await storeInventory(id, taker.id, makeContent({ files: 9 }))).toBe(false);
  expect(await readTakers(worker.hostId)).toEqual(new Set());
  expect(await claimInventory(worker)).toBeNull();
  expect(await summarizeInventory(id)).toMatchObject({
    state: "taken",
    packages: [{ manager: "apt", count: 1 }],
    executables: 1,
    files: 2,
    bytes: 2_000,
  });
});

it("only ready snapshots of the host have their turn, the newest first", async () => {
  const worker = await makeWorker();
  await makeWorker().then(publishReady);
  await publishProfile();
  expect(await claimInventory(worker)).toBeNull();
  const published = await publishReady(worker);
  await finishFailed(await claimRefresh(published, worker));
  await finishReady(await claimRefresh(published, worker));
  const newest = await db().snapshot.findFirstOrThrow({
    where: { profileId: published.profile.id, number: 3 },
  });
  expect(await fillInventory(worker)).toBe(newest.id);
  expect(await fillInventory(worker)).toBe(published.snapshot.id);
  expect(await claimInventory(worker)).toBeNull();
});

it("is tried three times with a pause between, and then given up with the reason", async () => {
  const { worker, id } = await ready();
  for (const tries of [1, 2, 3]) {
    expect((await claimInventory(worker))?.snapshotId).toBe(id);
    await releaseInventory(id, worker.id, `no answer ${tries}`);
    expect(await claimInventory(worker)).toBeNull();
    expect(await findInventory(id)).toMatchObject({ tries, error: `no answer ${tries}` });
    await letTimePass(id);
  }
  expect(await claimInventory(worker)).toBeNull();
  expect(await summarizeInventory(id)).toMatchObject({ state: "given_up", error: "no answer 3" });
});

it("a worker that leaves hands it back, and that is no try", async () => {
  const { worker, id } = await ready();
  await claimInventory(worker);
  await releaseInventory(id, worker.id, null);
  expect(await findInventory(id)).toMatchObject({ tries: 0, state: "pending", error: null });
  expect((await claimInventory(await colleague(worker)))?.snapshotId).toBe(id);
});

it("one whose worker was lost is another's, and the lost one can't write any more", async () => {
  const { worker, id } = await ready();
  const other = await colleague(worker);
  await claimInventory(worker);
  expect(await claimInventory(other)).toBeNull();
  await setWorkerStatus(worker.id, "stopped");
  expect((await claimInventory(other))?.snapshotId).toBe(id);
  expect(await storeInventory(id, worker.id, makeContent())).toBe(false);
  await releaseInventory(id, worker.id, "late");
  expect(await findInventory(id)).toMatchObject({ tries: 2, error: null, state: "pending" });
  expect(await storeInventory(id, other.id, makeContent())).toBe(true);
});

it("a worker that comes back to its own goes on", async () => {
  const { worker, id } = await ready();
  await claimInventory(worker);
  expect((await claimInventory(worker))?.snapshotId).toBe(id);
});

it("stays when the snapshot's image goes; one that wasn't taken by then never is", async () => {
  const worker = await makeWorker();
  const published = await publishReady(worker);
  await fillInventory(worker);
  await finishReady(await claimRefresh(published, worker));
  const second = await db().snapshot.findFirstOrThrow({
    where: { profileId: published.profile.id, number: 2 },
  });
  await finishReady(await claimRefresh(published, worker));
  expect(await retire(published.snapshot.id, 1)).toBe(true);
  expect(await retire(second.id, 1)).toBe(true);
  expect(await summarizeInventory(published.snapshot.id)).toMatchObject({ state: "taken", files: 2 });
  expect(await summarizeInventory(second.id)).toMatchObject({ state: "none" });
});

it("the programs of a base image are kept once", async () => {
  expect(await readBasePrograms("sha256:base")).toBeNull();
  await storeBasePrograms("sha256:base", ["/bin/sh"]);
  await storeBasePrograms("sha256:base", ["/bin/other"]);
  expect(await readBasePrograms("sha256:base")).toEqual(["/bin/sh"]);
});

it("is read once for all snapshots of one image on one base, and for no other", async () => {
  const { worker, id } = await ready();
  expect(await claimInventory(worker)).toMatchObject({ snapshotId: id });
  await storeInventory(id, worker.id, makeContent({ files: 7 }));
  const same = (await publishReady(worker)).snapshot.id;
  const onAnotherBase = (await publishReady(worker)).snapshot.id;
  const other = (await publishReady(worker)).snapshot.id;
  await db().$executeRaw`
    UPDATE snapshots s SET image_id = first.image_id,
      base_image_id = CASE WHEN s.id = ${same}::uuid THEN first.base_image_id ELSE 'sha256:another' END
    FROM snapshots first WHERE first.id = ${id}::uuid AND s.id IN (${same}::uuid, ${onAnotherBase}::uuid)`;
  await shareInventories(worker.hostId);
  await shareInventories(worker.hostId);
  expect(await summarizeInventory(same)).toMatchObject({ state: "taken", files: 7 });
  for (const missing of [onAnotherBase, other])
    expect(await summarizeInventory(missing)).toMatchObject({ state: "pending", tries: 0 });
});
