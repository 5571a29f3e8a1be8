/** Caches without an engine: who gets them, how they are cleared, and which are still needed. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { claimBuild, finishFailed, finishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { clearCaches } from "./clear.server";
import {
  forgetCaches,
  listAskedClears,
  needMeasuring,
  readCacheNeeds,
  recordCacheSizes,
  recordCleared,
} from "./progress.server";
import { listCaches } from "./store.server";
import { takeCaches } from "./take.server";

useSuiteDatabase();
const APT = "/var/cache/apt";
const NPM = "/root/.npm";
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

/** Two versions of a profile, both being built. */
async function twoBuilds() {
  const { profile, snapshot } = await publishProfile({ caches: [APT, NPM] });
  const first = await claimBuild(snapshot.id, worker);
  const next = await publishNext(profile.id, { setupScript: "echo two" });
  return { profile, first, second: await claimBuild(next.snapshot.id, worker) };
}

const take = (build: { claim: Parameters<typeof takeCaches>[0] }) =>
  takeCaches(build.claim, [APT, NPM], [APT]);
const paths = ({ taken }: Awaited<ReturnType<typeof take>>) => taken.map(({ path }) => path).toSorted();

describe("taking", () => {
  it("gives the profile's builds the same volumes; one that can't be shared to one build at a time", async () => {
    const { first, second } = await twoBuilds();
    const one = await take(first);
    expect(paths(one)).toEqual([NPM, APT]);
    expect(one.busy).toEqual([]);
    expect(new Set(one.taken.map(({ volume }) => volume)).size).toBe(2);
    expect((await take(first)).taken).toHaveLength(2);
    const other = await take(second);
    expect(paths(other)).toEqual([NPM]);
    expect(other.busy).toEqual([{ path: APT, number: first.number }]);
    expect(one.taken).toContainEqual(other.taken[0]);
    await finishFailed(first);
    expect(paths(await take(second))).toEqual([NPM, APT]);
  });

  it("of two at the same instant one gets it", async () => {
    const { first, second } = await twoBuilds();
    const both = await Promise.all([take(first), take(second)]);
    expect(both.map(({ taken }) => taken.length).toSorted()).toEqual([1, 2]);
  });

  it("gives nothing to a build that lost its claim", async () => {
    const { first } = await twoBuilds();
    const late = { ...first.claim, fence: first.claim.fence + 1 };
    expect((await takeCaches(late, [APT], [APT])).taken).toEqual([]);
    expect(await listCaches(await profileOf(first.claim.snapshotId))).toEqual([]);
  });

  it("another profile and another host have their own", async () => {
    const here = await publishProfile({ caches: [APT] });
    const elsewhere = await publishProfile({ caches: [APT] });
    const one = await take(await claimBuild(here.snapshot.id, worker));
    const two = await take(await claimBuild(elsewhere.snapshot.id, await makeWorker()));
    expect(two.busy).toEqual([]);
    expect(two.taken[0]?.volume).not.toBe(one.taken[0]?.volume);
  });
});

const profileOf = async (snapshotId: string) =>
  (await db().snapshot.findUniqueOrThrow({ where: { id: snapshotId } })).profileId;

describe("clearing", () => {
  it("is asked for once, with who in the audit log, and is answered once", async () => {
    const { profile, first } = await twoBuilds();
    const { taken } = await take(first);
    await clearCaches(operator, profile.slug, APT);
    const again = await clearCaches(operator, profile.slug, APT);
    expect(again.map(({ path, clearRequestedAt }) => [path, clearRequestedAt !== null])).toEqual([
      [NPM, false],
      [APT, true],
    ]);
    expect(
      await db().auditEntry.count({ where: { action: "profile.clear_caches", objectId: profile.id } }),
    ).toBe(1);
    const volume = taken.find(({ path }) => path === APT)?.volume;
    const asked = (await listAskedClears(worker.hostId)).filter((one) => one.volume === volume);
    expect(asked).toHaveLength(1);
    expect(await recordCleared(asked[0]!)).toBe(true);
    expect(await recordCleared(asked[0]!)).toBe(false);
    const cleared = (await listCaches(profile.id)).find(({ path }) => path === APT);
    expect(cleared).toMatchObject({ bytes: 0, clearRequestedAt: null, clearedAt: expect.any(String) });
  });

  it("all of them at once; a path that is none and a profile that isn't there are refused", async () => {
    const { profile, first } = await twoBuilds();
    await take(first);
    const all = await clearCaches(operator, profile.id);
    expect(all.every(({ clearRequestedAt }) => clearRequestedAt !== null)).toBe(true);
    await expect(clearCaches(operator, profile.id, "/none")).rejects.toMatchObject({ status: 404 });
    await expect(clearCaches(operator, "nobody")).rejects.toMatchObject({ status: 404 });
  });
});

describe("sizes", () => {
  it("are written as they are measured; a volume that is gone holds nothing", async () => {
    const host = await makeWorker();
    const { profile, snapshot } = await publishProfile({ caches: [APT, NPM] });
    const build = await claimBuild(snapshot.id, host);
    const { taken } = await take(build);
    expect(await needMeasuring(host.hostId)).toBe(true);
    await recordCacheSizes(host.hostId, new Map([[taken.find(({ path }) => path === NPM)!.volume, 5e9]]));
    expect((await listCaches(profile.id)).map(({ path, bytes }) => [path, bytes])).toEqual([
      [NPM, 5e9],
      [APT, 0],
    ]);
    // It still runs, so it may still write; and once more when it has ended.
    expect(await needMeasuring(host.hostId)).toBe(true);
    await finishReady(build);
    expect(await needMeasuring(host.hostId)).toBe(true);
    await recordCacheSizes(host.hostId, new Map());
    expect(await needMeasuring(host.hostId)).toBe(false);
  });
});

describe("what is needed", () => {
  it("is what a version or the draft names, or a build took within a week", async () => {
    const host = await makeWorker();
    const { profile, snapshot } = await publishProfile({ caches: [APT, NPM] });
    const build = await claimBuild(snapshot.id, host);
    const { taken } = await take(build);
    await finishReady(build);
    const volumes = taken.map(({ volume }) => volume);
    const needs = async () =>
      [...(await readCacheNeeds(volumes)).values()].toSorted((a, b) => a.path.localeCompare(b.path));
    const used = { profile: profile.slug, archived: false, named: true, recent: true };
    expect(await needs()).toEqual([
      { ...used, path: NPM },
      { ...used, path: APT },
    ]);
    await db().$executeRaw`UPDATE caches SET used_at = now() - interval '8 days'`;
    expect((await needs()).map(({ recent, named }) => [recent, named])).toEqual([
      [false, true],
      [false, true],
    ]);
    await forgetCaches(host.hostId, new Set());
    expect(await listCaches(profile.id)).toHaveLength(2);
    await updateProfile(operator, profile.id, { archived: true });
    expect((await needs()).every(({ archived }) => archived)).toBe(true);
    await forgetCaches(host.hostId, new Set(volumes));
    expect(await listCaches(profile.id)).toHaveLength(2);
    await forgetCaches(host.hostId, new Set());
    expect(await listCaches(profile.id)).toEqual([]);
    expect((await readCacheNeeds(["no-such"])).size).toBe(0);
  });

  it("isn't what no version names", async () => {
    const { snapshot } = await publishProfile({ caches: [NPM] });
    const { taken } = await takeCaches((await claimBuild(snapshot.id, worker)).claim, ["/other"], []);
    const need = (await readCacheNeeds(taken.map(({ volume }) => volume))).get(taken[0]!.volume);
    expect(need).toMatchObject({ path: "/other", named: false, recent: true });
  });
});
