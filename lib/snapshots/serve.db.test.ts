/** Which snapshot serves: rolled back and forward by hand, pinned, and moved by refreshes (I6). */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { pinVersion } from "@/lib/profiles/pin.server";
import { getVersion } from "@/lib/profiles/store.server";
import { claimRefresh, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { type Published, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { readyWords } from "./ready-words";
import { retire } from "./retention.server";
import { serveSnapshot } from "./serve.server";
import { readFrames } from "./stored-log.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const version = ({ profile }: Published) => getVersion(profile.id, 1);
const serves = async (published: Published) => (await version(published)).servingSnapshot?.number;

const lastLine = async (id: string) => (await readFrames(id, 0)).at(-1)?.lines.at(-1)?.text;

/** Another ready snapshot of version 1. */
async function refreshed(published: Published): Promise<string> {
  const claimed = await claimRefresh(published, worker);
  expect(await finishReady(claimed, { words: readyWords })).toBe(true);
  return claimed.claim.snapshotId;
}

describe("serving another snapshot by hand", () => {
  it("goes back and forward, and says who and why", async () => {
    const published = await publishReady(worker);
    const second = await refreshed(published);
    expect(await serveSnapshot(operator, published.snapshot.id, "the new one has no jq")).toMatchObject({
      number: 1,
      serving: true,
    });
    expect(await version(published)).toMatchObject({
      servingSnapshot: { number: 1 },
      latestSnapshot: { number: 2, serving: false },
      servingChoice: { by: operator.name, reason: "the new one has no jq" },
    });
    await serveSnapshot(operator, second, "mended elsewhere");
    expect(await serves(published)).toBe(2);
    const audit = await db().auditEntry.findMany({
      where: { action: "snapshot.serve", objectId: { in: [published.snapshot.id, second] } },
      orderBy: { id: "asc" },
    });
    expect(audit.map(({ detail }) => detail)).toEqual([
      { number: 1, before: 2, reason: "the new one has no jq" },
      { number: 2, before: 1, reason: "mended elsewhere" },
    ]);
  });

  it("lasts until the next success, which takes over; a failure doesn't", async () => {
    const published = await publishReady(worker);
    await refreshed(published);
    await serveSnapshot(operator, published.snapshot.id, "back");
    await finishFailed(await claimRefresh(published, worker));
    expect(await serves(published)).toBe(1);
    await refreshed(published);
    expect(await version(published)).toMatchObject({ servingSnapshot: { number: 4 }, servingChoice: null });
  });

  it("is refused for what isn't ready, was removed, or serves already", async () => {
    const published = await publishReady(worker);
    const first = published.snapshot.id;
    await expect(serveSnapshot(operator, first, "x")).rejects.toMatchObject({ code: "already_serving" });
    const queued = (await publishProfile()).snapshot.id;
    await expect(serveSnapshot(operator, queued, "x")).rejects.toMatchObject({
      status: 409,
      code: "snapshot_not_ready",
      message: "Snapshot #1 can't serve: it is queued. Choose one that is ready.",
    });
    await refreshed(published);
    expect(await retire(first, 1)).toBe(true);
    await expect(serveSnapshot(operator, first, "x")).rejects.toMatchObject({ code: "snapshot_removed" });
    await expect(serveSnapshot(operator, "nothing", "x")).rejects.toMatchObject({ status: 404 });
    expect(await serves(published)).toBe(2);
  });

  it("at the instant of a promotion never leaves a version without a ready one", async () => {
    for (let round = 0; round < 8; round += 1) {
      const published = await publishReady(worker);
      await refreshed(published);
      const claimed = await claimRefresh(published, worker);
      const [, ready] = await Promise.all([
        serveSnapshot(operator, published.snapshot.id, "race"),
        finishReady(claimed),
      ]);
      expect(ready).toBe(true);
      expect([1, 3]).toContain(await serves(published));
      expect((await version(published)).usable).toBe(true);
    }
  });

  it("at the instant of its removal: one of the two, never a removed one that serves", async () => {
    for (let round = 0; round < 12; round += 1) {
      const published = await publishReady(worker);
      await refreshed(published);
      const [served, removed] = await Promise.all([
        serveSnapshot(operator, published.snapshot.id, "race").then(
          () => true,
          () => false,
        ),
        retire(published.snapshot.id, 1),
      ]);
      expect([served, removed].filter(Boolean)).toHaveLength(1);
      expect(await version(published)).toMatchObject({ usable: true, servingSnapshot: { status: "ready" } });
    }
  });
});

describe("a pinned version", () => {
  it("builds its refreshes and doesn't promote them, until it is unpinned", async () => {
    const published = await publishReady(worker);
    expect(await pinVersion(operator, published.profile.slug, 1, true)).toMatchObject({ pinned: true });
    const second = await refreshed(published);
    expect(await lastLine(second)).toMatch(/^Ready, and it doesn't serve: the version is pinned\. /);
    expect(await version(published)).toMatchObject({
      pinned: true,
      servingSnapshot: { number: 1 },
      latestSnapshot: { number: 2, status: "ready", serving: false },
    });
    // By hand it moves all the same.
    await serveSnapshot(operator, second, "looked at it");
    await refreshed(published);
    expect(await serves(published)).toBe(2);
    await pinVersion(operator, published.profile.id, 1, false);
    expect(await serves(published)).toBe(2);
    await refreshed(published);
    expect(await serves(published)).toBe(4);
    const { latestSnapshot } = await version(published);
    expect(await lastLine(latestSnapshot?.id ?? "")).toBe("Ready: new sessions can start");
  });

  it("needs one that serves; asking twice is written down once", async () => {
    const unready = await publishProfile();
    await expect(pinVersion(operator, unready.profile.id, 1, true)).rejects.toMatchObject({
      status: 409,
      code: "nothing_to_pin",
    });
    const published = await publishReady(worker);
    for (let i = 0; i < 2; i += 1) await pinVersion(operator, published.profile.id, 1, true);
    expect(
      await db().auditEntry.count({ where: { action: "version.pin", objectId: published.version.id } }),
    ).toBe(1);
  });

  it("that is pinned at the instant of a promotion keeps whichever came first", async () => {
    for (let round = 0; round < 8; round += 1) {
      const published = await publishReady(worker);
      const claimed = await claimRefresh(published, worker);
      await Promise.all([pinVersion(operator, published.profile.id, 1, true), finishReady(claimed)]);
      const number = await serves(published);
      await refreshed(published);
      expect(await serves(published)).toBe(number);
    }
  });
});
