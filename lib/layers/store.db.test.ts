/** What steps left, by key: who may keep it, what another of the same key does, and when its time is up. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { endSnapshot } from "@/lib/snapshots/finish.server";
import { moveStep } from "@/lib/snapshots/progress.server";
import { claimBuild, claimRefresh, finishFailed, publishReady } from "@/prisma/factories/builds";
import { nextNumber } from "@/prisma/factories/numbers";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import {
  forgetLayers,
  forgetLayersOf,
  KEEP_LAYER_HOURS,
  keepLayer,
  readLayers,
  useLayers,
} from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
let stranger: TestWorker;
beforeAll(async () => {
  [worker, stranger] = await Promise.all([makeWorker(), makeWorker()]);
});

const claimOne = async () => claimBuild((await publishProfile()).snapshot.id, worker);
const fresh = (word: string) => `${word}-${nextNumber()}`;
const layer = (key = fresh("key"), imageId = fresh("sha256:layer")) => ({
  hostId: worker.hostId,
  key,
  imageId,
  step: "setup:1",
});
const usedAt = async (key: string) =>
  (await db().layer.findUniqueOrThrow({ where: { hostId_key: { hostId: worker.hostId, key } } })).usedAt;
const age = (key: string, hours: number) =>
  db()
    .$executeRaw`UPDATE layers SET used_at = now() - make_interval(hours => ${hours}::int) WHERE key = ${key}`;

describe("keeping", () => {
  it("is for the holder of the claim: whoever has lost it writes nothing (I4)", async () => {
    const { claim } = await claimOne();
    const kept = layer();
    expect(await keepLayer({ ...claim, fence: claim.fence + 1 }, kept)).toBe(false);
    expect(await keepLayer({ ...claim, fence: claim.fence - 1 }, kept)).toBe(false);
    expect(await keepLayer({ ...claim, workerId: stranger.id }, kept)).toBe(false);
    expect(await useLayers(worker.hostId, [kept.key])).toEqual([]);
    expect(await keepLayer(claim, kept)).toBe(true);
    const [found] = await useLayers(worker.hostId, [kept.key]);
    expect(found).toEqual({ key: kept.key, imageId: kept.imageId, number: 1, profile: null });
  });

  it("ends with the build: neither a failed nor a cancelled one keeps anything afterwards", async () => {
    const [failed, cancelled] = [await claimOne(), await claimOne()];
    await finishFailed(failed);
    await endSnapshot({ claim: cancelled.claim }, { status: "cancelled", by: "Olga", enforced: true }, []);
    for (const { claim } of [failed, cancelled]) expect(await keepLayer(claim, layer())).toBe(false);
  });

  it("replaces what had the same key, also when it is another build's, and only on that host", async () => {
    const published = await publishReady(worker);
    const first = await claimRefresh(published, worker);
    const kept = layer();
    await keepLayer(first.claim, kept);
    const elsewhere = await claimBuild((await publishProfile()).snapshot.id, stranger);
    await keepLayer(elsewhere.claim, { ...kept, hostId: stranger.hostId, imageId: "sha256:elsewhere" });
    await age(kept.key, 48);
    const second = await claimOne();
    const newer = { ...kept, imageId: fresh("sha256:layer") };
    expect(await keepLayer(second.claim, newer)).toBe(true);
    expect(await useLayers(worker.hostId, [kept.key])).toEqual([
      { key: kept.key, imageId: newer.imageId, number: second.number, profile: null },
    ]);
    expect((await readLayers(worker.hostId)).get(newer.imageId)).toEqual({ stale: false });
    expect((await readLayers(worker.hostId)).has(kept.imageId)).toBe(false);
    expect(await useLayers(stranger.hostId, [kept.key])).toMatchObject([{ imageId: "sha256:elsewhere" }]);
    expect(await db().layer.count({ where: { hostId: worker.hostId, key: kept.key } })).toBe(1);
  });

  it("by many builds at once leaves one row", async () => {
    const builds = await Promise.all(Array.from({ length: 6 }, claimOne));
    const { key } = layer();
    const kept = await Promise.all(builds.map(({ claim }) => keepLayer(claim, layer(key))));
    expect(kept).toEqual(Array(6).fill(true));
    expect(await useLayers(worker.hostId, [key])).toHaveLength(1);
  });
});

describe("using", () => {
  it("finds what there is of the keys, and makes it young again", async () => {
    const { claim } = await claimOne();
    const [one, other] = [layer(), layer()];
    for (const kept of [one, other]) {
      await keepLayer(claim, kept);
      await age(kept.key, 30);
    }
    const before = await usedAt(other.key);
    expect(await useLayers(worker.hostId, [one.key, "no such key"])).toHaveLength(1);
    expect(await useLayers(stranger.hostId, [one.key])).toEqual([]);
    expect(await useLayers(worker.hostId, [])).toEqual([]);
    expect((await readLayers(worker.hostId)).get(one.imageId)).toEqual({ stale: false });
    expect((await readLayers(worker.hostId)).get(other.imageId)).toEqual({ stale: true });
    expect(await usedAt(other.key)).toEqual(before);
  });
});

describe("forgetting", () => {
  it("by image is for one host", async () => {
    const { claim } = await claimOne();
    const [gone, stays] = [layer(), layer()];
    for (const kept of [gone, stays]) await keepLayer(claim, kept);
    await forgetLayers(stranger.hostId, [gone.imageId]);
    expect(await useLayers(worker.hostId, [gone.key])).toHaveLength(1);
    await forgetLayers(worker.hostId, [gone.imageId, "sha256:nobody"]);
    expect(await useLayers(worker.hostId, [gone.key, stays.key])).toMatchObject([{ key: stays.key }]);
  });

  it("by build leaves what others kept", async () => {
    const [one, other] = [await claimOne(), await claimOne()];
    const [mine, theirs] = [layer(), layer()];
    await keepLayer(one.claim, mine);
    await keepLayer(other.claim, theirs);
    await forgetLayersOf(one.claim.snapshotId);
    expect(await useLayers(worker.hostId, [mine.key, theirs.key])).toMatchObject([{ key: theirs.key }]);
  });

  it("by build takes what it was begun behind along, however long the chain", async () => {
    const [one, two, three, other] = [await claimOne(), await claimOne(), await claimOne(), await claimOne()];
    const [first, second, beside] = [layer(), layer(), layer()];
    await keepLayer(one.claim, first);
    await moveStep(two.claim, "setup", { status: "done", layerId: first.imageId });
    await keepLayer(two.claim, second);
    await moveStep(three.claim, "setup", { status: "done", layerId: second.imageId });
    await keepLayer(other.claim, beside);
    await forgetLayersOf(three.claim.snapshotId);
    const keys = [first, second, beside].map(({ key }) => key);
    expect(await useLayers(worker.hostId, keys)).toMatchObject([{ key: beside.key }]);
  });

  it("comes with the row of the build", async () => {
    const { claim } = await claimOne();
    const kept = layer();
    await keepLayer(claim, kept);
    await db().snapshot.delete({ where: { id: claim.snapshotId } });
    expect(await useLayers(worker.hostId, [kept.key])).toEqual([]);
  });
});

describe("the time of an image", () => {
  it("is up a day after its last use; a nearly full disk needn't wait", async () => {
    const { claim } = await claimOne();
    const kept = layer();
    await keepLayer(claim, kept);
    await age(kept.key, KEEP_LAYER_HOURS - 1);
    const stale = async (hours?: number) => (await readLayers(worker.hostId, hours)).get(kept.imageId)?.stale;
    expect(await stale()).toBe(false);
    expect(await stale(0)).toBe(true);
    await age(kept.key, KEEP_LAYER_HOURS + 1);
    expect(await stale()).toBe(true);
  });

  it("is that of the youngest row that names it", async () => {
    const { claim } = await claimOne();
    const [one, other] = [layer(), layer()];
    await keepLayer(claim, one);
    await keepLayer(claim, { ...other, imageId: one.imageId });
    await age(one.key, 48);
    expect((await readLayers(worker.hostId)).get(one.imageId)).toEqual({ stale: false });
    await age(other.key, 48);
    expect((await readLayers(worker.hostId)).get(one.imageId)).toEqual({ stale: true });
  });
});
