/** An image that is gone from its host (F20): what serves then, and everything that may happen at the same instant. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { pinVersion } from "@/lib/profiles/pin.server";
import { getVersion } from "@/lib/profiles/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSession } from "@/lib/sessions/create.server";
import {
  claimBuild,
  claimRefresh,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import type { Published } from "@/prisma/factories/profiles";
import { makeSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { listReadyImages, loseImages, type ReadyImage } from "./lose-images.server";
import { retire } from "./retention.server";
import { serveSnapshot } from "./serve.server";
import { getSnapshot, listSnapshots } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
let host: string;
beforeAll(async () => {
  worker = await makeSessionWorker();
  host = (await db().host.findUniqueOrThrow({ where: { id: worker.hostId } })).name;
});

/** Version 1 with `count` ready snapshots; the newest serves. */
async function publishMany(count: number): Promise<Published> {
  const published = await publishReady(worker);
  for (let i = 1; i < count; i += 1) await finishReady(await claimRefresh(published, worker));
  return published;
}
const imagesOf = ({ version }: Published) => listReadyImages(worker.hostId, version.id);
const version = ({ profile }: Published) => getVersion(profile.id, 1);
const lose = (published: Published, gone: readonly ReadyImage[]) =>
  loseImages(worker.hostId, published.version.id, gone);
/** Of the version's snapshots in the order of their numbers. */
const states = async ({ version }: Published) =>
  (await listSnapshots({ versionId: version.id, limit: 20 })).items.map(({ status }) => status).toReversed();
const settled = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

describe("the serving one's image is gone", () => {
  it("the next older one serves, and everybody can read why", async () => {
    const published = await publishMany(3);
    const [, , third] = await imagesOf(published);
    expect(await lose(published, [third!])).toBe(1);
    expect(await version(published)).toMatchObject({
      usable: true,
      servingSnapshot: { number: 2 },
      servingChoice: { by: "Kiln", reason: `the image of #3 is gone from ${host}` },
    });
    const lost = await getSnapshot(third!.id);
    expect(lost).toMatchObject({ status: "removed", image: null, serving: false });
    expect(lost.lost?.message).toBe(`Image lost: it was deleted from ${host}. #2 serves again.`);
    const audit = await db().auditEntry.findMany({
      where: { actorKind: "system" },
      orderBy: { id: "desc" },
      take: 2,
    });
    expect(audit.map(({ action }) => action).sort()).toEqual(["snapshot.image_lost", "snapshot.serve"]);
    // The next success takes over, as after a roll-back by hand.
    await finishReady(await claimRefresh(published, worker));
    expect(await version(published)).toMatchObject({ servingSnapshot: { number: 4 }, servingChoice: null });
  });

  it("several at once: the next one that is left serves; a newer one when none is older", async () => {
    const published = await publishMany(4);
    const [first, , third, fourth] = await imagesOf(published);
    expect(await lose(published, [third!, fourth!])).toBe(2);
    expect((await version(published)).servingSnapshot?.number).toBe(2);
    expect((await getSnapshot(third!.id)).lost?.message).toBe(`Image lost: it was deleted from ${host}.`);
    await serveSnapshot(operator, first!.id, "back");
    expect(await lose(published, [first!])).toBe(1);
    expect((await version(published)).servingSnapshot?.number).toBe(2);
  });

  it("none is left: no session can start, a snapshot is queued, and both say so", async () => {
    const published = await publishReady(worker);
    await pinVersion(operator, published.profile.slug, 1, true);
    expect(await lose(published, await imagesOf(published))).toBe(1);
    expect(await version(published)).toMatchObject({
      usable: false,
      servingSnapshot: null,
      latestSnapshot: { number: 2, status: "queued", trigger: "image_lost", requestedBy: "Kiln" },
    });
    expect((await getSnapshot(published.snapshot.id)).lost?.message).toBe(
      `Image lost: it was deleted from ${host}. A new snapshot, #2, was queued.`,
    );
    await expect(
      createSession(operator, { profile: published.profile.id, version: 1, env: {} }),
    ).rejects.toMatchObject({
      code: "version_not_usable",
      message: `Version 1 can't start sessions: the image of #1 is gone from ${host}, and its snapshot #2 is still being prepared. Wait until it is ready.`,
    });
    // It serves as soon as it is there, pinned or not: nothing else does.
    const queued = (await version(published)).latestSnapshot!;
    await finishReady(await claimBuild(queued.id, worker));
    expect(await version(published)).toMatchObject({
      usable: true,
      servingSnapshot: { number: 2 },
      servingChoice: null,
    });
  });

  it("joins a refresh that is on its way; an archived profile gets none", async () => {
    const busy = await publishReady(worker);
    await requestRefresh(busy.profile.id);
    await lose(busy, await imagesOf(busy));
    expect(await states(busy)).toEqual(["removed", "queued"]);
    expect((await getSnapshot(busy.snapshot.id)).lost?.message).toContain("#2, is being prepared already");
    const archived = await publishReady(worker);
    await updateProfile(operator, archived.profile.slug, { archived: true });
    await lose(archived, await imagesOf(archived));
    expect(await states(archived)).toEqual(["removed"]);
  });
});

describe("nothing happens to", () => {
  it("what serves, when another one's image is gone", async () => {
    const published = await publishMany(2);
    const [first] = await imagesOf(published);
    expect(await lose(published, [first!])).toBe(1);
    expect(await version(published)).toMatchObject({ servingSnapshot: { number: 2 }, servingChoice: null });
    expect(await states(published)).toEqual(["removed", "ready"]);
  });

  it("a row that was marked already, was retired, or has another image by now", async () => {
    const published = await publishMany(3);
    const [first, second, third] = await imagesOf(published);
    await lose(published, [third!]);
    await retire(first!.id, 1);
    expect(await lose(published, [first!, third!, { ...second!, imageId: "sha256:other" }])).toBe(0);
    expect((await getSnapshot(first!.id)).lost).toBeNull();
    expect((await version(published)).servingSnapshot?.number).toBe(2);
  });

  it("other hosts' snapshots", async () => {
    const elsewhere = await makeWorker();
    await publishReady(worker);
    expect(await listReadyImages(elsewhere.hostId)).toEqual([]);
  });
});

describe("at the same instant", () => {
  const rounds = (work: (round: number) => Promise<void>) => async () => {
    for (let round = 0; round < 8; round += 1) await work(round);
  };

  it(
    "two workers find it: one snapshot is queued, once",
    rounds(async () => {
      const published = await publishReady(worker);
      const gone = await imagesOf(published);
      expect((await Promise.all([lose(published, gone), lose(published, gone)])).sort()).toEqual([0, 1]);
      expect(await states(published)).toEqual(["removed", "queued"]);
    }),
  );

  it(
    "somebody rolls back, to it or away from it: what serves has an image",
    rounds(async (round) => {
      const published = await publishMany(3);
      const [first, second, third] = await imagesOf(published);
      await Promise.all([
        lose(published, [third!]),
        settled(serveSnapshot(operator, (round % 2 ? first! : second!).id, "race")),
      ]);
      const back = await settled(serveSnapshot(operator, third!.id, "gone"));
      expect(back).toBe(false);
      expect(await version(published)).toMatchObject({ usable: true, servingSnapshot: { status: "ready" } });
    }),
  );

  it(
    "its successor is retired: never a removed one that serves",
    rounds(async () => {
      const published = await publishMany(2);
      const [first, second] = await imagesOf(published);
      const [, retired] = await Promise.all([lose(published, [second!]), retire(first!.id, 1)]);
      const now = await version(published);
      expect(now.servingSnapshot?.number ?? null).toBe(retired ? null : 1);
      expect(now.usable).toBe(!retired);
      if (retired) expect(now.latestSnapshot).toMatchObject({ number: 3, status: "queued" });
    }),
  );

  it(
    "a refresh succeeds: it serves",
    rounds(async () => {
      const published = await publishReady(worker);
      const gone = await imagesOf(published);
      const claimed = await claimRefresh(published, worker);
      const [lost, ready] = await Promise.all([lose(published, gone), finishReady(claimed)]);
      expect([lost, ready]).toEqual([1, true]);
      expect(await version(published)).toMatchObject({ usable: true, servingSnapshot: { number: 2 } });
    }),
  );

  it(
    "sessions start and refreshes are asked for: nobody waits for ever",
    rounds(async () => {
      const published = await publishMany(2);
      const [, second] = await imagesOf(published);
      const started = await Promise.all([
        ...[1, 2, 3].map(() => makeSession(published.profile.id)),
        requestRefresh(published.profile.id).then(() => null),
        lose(published, [second!]).then(() => null),
      ]);
      // One that was a moment before the loss is moved by its worker.
      for (const session of started) if (session) expect([1, 2]).toContain(session.snapshotNumber);
      expect(await version(published)).toMatchObject({ servingSnapshot: { number: 1 } });
    }),
  );
});
