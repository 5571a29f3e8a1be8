/** A try is built from what the draft was, and is never anything else than a try. */
import { beforeAll, describe, expect, it } from "vitest";
import { db, Prisma } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { readImageNeeds } from "@/lib/snapshots/image-needs.server";
import { listExpired } from "@/lib/snapshots/retention.server";
import { serveSnapshot } from "@/lib/snapshots/serve.server";
import { getSnapshot, listSnapshots } from "@/lib/snapshots/store.server";
import { readFrames } from "@/lib/snapshots/stored-log.server";
import { deleteOldTries } from "@/lib/snapshots/tries.server";
import { captureImage, claimBuild, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { buildJobsOf } from "@/prisma/factories/jobs";
import { operator, otherOperator } from "@/prisma/factories/people";
import { makeProfile, makeSpec, publishNext } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { createDraft, discardDraft, publishDraft, saveDraft } from "./draft.server";
import { getProfile, listVersions } from "./store.server";
import { getLastTry, tryDraft } from "./try.server";
import { updateProfile } from "./update.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const tryIt = (profile: string, keepOnFailure = false) => tryDraft(operator, profile, { keepOnFailure });
/** A profile whose draft is being tried. */
async function trying() {
  const profile = await makeProfile({ setupScript: "echo tried\n" });
  return { profile, snapshot: (await tryIt(profile.id)).snapshot };
}
const trialsOf = (profileId: string) => db().version.findMany({ where: { profileId, state: "trial" } });
const save = (profile: string, setupScript: string) =>
  saveDraft(operator, profile, null, makeSpec({ setupScript }));

describe("what is tried", () => {
  it("is queued with its steps, its first line, its audit entry and its job, as any snapshot", async () => {
    const { snapshot } = await trying();
    expect(snapshot).toMatchObject({
      trigger: "try",
      status: "queued",
      version: null,
      number: 1,
      serving: false,
      keepOnFailure: false,
    });
    expect(snapshot.steps.map(({ title }) => title)).toEqual([
      "Base image",
      "Files",
      "Setup script",
      "Capture",
      "Check",
      "Finish",
    ]);
    expect(await buildJobsOf(snapshot.id)).toHaveLength(1);
    const lines = (await readFrames(snapshot.id, 0)).flatMap(({ lines }) => lines);
    expect(lines.map(({ text }) => text)).toEqual(["Queued: the draft is being tried (Olga Operator)"]);
    expect(
      await db().auditEntry.count({ where: { objectId: snapshot.id, action: "snapshot.request" } }),
    ).toBe(1);
  });

  it("is the draft as it was: saved over, published and discarded, it stays", async () => {
    const { profile, snapshot } = await trying();
    await save(profile.id, "echo another\n");
    const { version } = await publishDraft(operator, profile.id, { notes: "" });
    expect(version.spec.setupScript).toBe("echo another\n");
    const claimed = await claimBuild(snapshot.id, worker);
    expect(claimed).toMatchObject({ version: null, spec: { setupScript: "echo tried\n" } });
  });

  it("goes on when the draft is discarded", async () => {
    const published = await publishReady(worker);
    await createDraft(operator, published.profile.id);
    const { snapshot } = await tryIt(published.profile.id);
    await discardDraft(operator, published.profile.id);
    expect(await finishReady(await claimBuild(snapshot.id, worker))).toBe(true);
    expect(await getLastTry(published.profile.id)).toMatchObject({
      snapshot: { id: snapshot.id, status: "ready" },
      changed: null,
    });
  });

  it("can't be changed, or become a version, by anybody", async () => {
    const { profile } = await trying();
    const where = Prisma.sql`WHERE profile_id = ${profile.id}::uuid AND state = 'trial'`;
    await expect(db().$executeRaw`UPDATE versions SET spec = '{}' ${where}`).rejects.toThrow(
      "a tried draft cannot be changed",
    );
    await expect(
      db().$executeRaw`UPDATE versions SET state = 'published', number = 1 ${where}`,
    ).rejects.toThrow("a tried draft cannot be changed");
    await expect(
      db().version.create({ data: { profileId: profile.id, state: "trial", number: 7, spec: {} } }),
    ).rejects.toThrow("versions_number_iff_published");
  });
});

describe("a second request", () => {
  it("joins: ten at once make one", async () => {
    const profile = await makeProfile();
    const answers = await Promise.all(Array.from({ length: 10 }, () => tryIt(profile.slug)));
    expect(new Set(answers.map(({ snapshot }) => snapshot.id)).size).toBe(1);
    expect(answers.filter(({ joined }) => !joined)).toHaveLength(1);
    expect(await trialsOf(profile.id)).toHaveLength(1);
  });

  it("that wants the container kept is heard by the one that it joins", async () => {
    const { profile, snapshot } = await trying();
    expect(await tryIt(profile.id, true)).toMatchObject({
      joined: true,
      snapshot: { id: snapshot.id, keepOnFailure: true },
    });
    expect((await tryIt(profile.id)).snapshot.keepOnFailure).toBe(true);
  });

  it("is the index's doing: a second row by hand is refused", async () => {
    const { profile } = await trying();
    const version = await db().version.create({ data: { profileId: profile.id, state: "trial", spec: {} } });
    const row = { profileId: profile.id, versionId: version.id, number: 99, trigger: "try" };
    await expect(
      db().snapshot.create({ data: { ...row, requestedByKind: "user", requestedByName: "x" } }),
    ).rejects.toThrow(/snapshots_one_try|Unique constraint/);
  });

  it("makes a new one when the last has ended", async () => {
    const { profile, snapshot } = await trying();
    await cancelSnapshot(operator, snapshot.id);
    expect(await tryIt(profile.id)).toMatchObject({ joined: false, snapshot: { number: 2 } });
  });

  it("isn't in the way of publishing, nor publishing in its way", async () => {
    const { profile, snapshot } = await trying();
    const published = await publishDraft(operator, profile.id, { notes: "" });
    expect(published).toMatchObject({ version: { number: 1 }, snapshot: { number: 2, status: "queued" } });
    const tried = await claimBuild(snapshot.id, worker);
    const built = await claimBuild(published.snapshot.id, worker);
    expect(await finishReady(built)).toBe(true);
    expect(await finishReady(tried)).toBe(true);
    expect((await getProfile(profile.id)).servingSnapshot?.id).toBe(published.snapshot.id);
  });
});

describe("a try that succeeded", () => {
  it("is ready, and names no image: nobody may keep it", async () => {
    const { profile, snapshot } = await trying();
    const claimed = await claimBuild(snapshot.id, worker);
    await captureImage(claimed.claim);
    expect((await getSnapshot(snapshot.id)).image).not.toBeNull();
    await finishReady(claimed);
    expect(await getSnapshot(snapshot.id)).toMatchObject({ status: "ready", image: null, serving: false });
    expect((await readImageNeeds([snapshot.id])).get(snapshot.id)).toMatchObject({ imageId: null });
    expect(await codeOf(serveSnapshot(operator, snapshot.id, "please"))).toBe("snapshot_is_try");
    expect(await codeOf(createSession(operator, { profile: profile.id, env: {} }))).toBe(
      "version_not_usable",
    );
  });

  it("isn't taken for an old snapshot when the disk is full", async () => {
    const { snapshot } = await trying();
    await finishReady(await claimBuild(snapshot.id, worker));
    expect((await listExpired(worker.hostId, "serving_only")).map(({ id }) => id)).not.toContain(snapshot.id);
  });

  it("is refused by the database as what serves", async () => {
    const { profile, snapshot } = await trying();
    await expect(
      db().version.create({
        data: { profileId: profile.id, state: "trial", spec: {}, servingSnapshotId: snapshot.id },
      }),
    ).rejects.toThrow("versions_only_published_serve");
  });
});

it("is no version: not in lists, not in counts, not as the newest", async () => {
  const published = await publishReady(worker);
  const { id } = published.profile;
  await createDraft(operator, id);
  for (let n = 0; n < 4; n += 1) await finishFailed(await claimBuild((await tryIt(id)).snapshot.id, worker));
  const profile = await getProfile(id);
  expect(profile).toMatchObject({
    latestVersion: 1,
    draft: { basedOn: 1 },
    servingSnapshot: { id: published.snapshot.id },
    latestSnapshot: { id: published.snapshot.id },
  });
  expect((await listVersions(id, { limit: 10 })).items.map(({ number }) => number)).toEqual([1]);
  await publishDraft(operator, id, { notes: "" });
  expect((await publishNext(id)).version.number).toBe(3);
  // In the list of snapshots it is: somebody made it, and it has a log.
  const { items } = await listSnapshots({ profile: id, limit: 20 });
  expect(items.filter(({ version }) => version === null)).toHaveLength(4);
});

describe("is refused", () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ["where there is no profile", "not_found", () => tryIt("nobody")],
    ["without a draft", "no_draft", async () => tryIt((await publishReady(worker)).profile.id)],
    [
      "when the profile is archived",
      "profile_archived",
      async () => {
        const { id } = await makeProfile();
        await updateProfile(operator, id, { archived: true });
        return tryIt(id);
      },
    ],
    [
      "when the draft can't be read any more",
      "invalid_draft",
      async () => {
        const { id } = await makeProfile();
        await db().version.updateMany({ where: { profileId: id }, data: { spec: { baseImage: "" } } });
        return tryIt(id);
      },
    ],
    [
      "when it names a secret that isn't there",
      "unknown_secret",
      async () => tryIt((await makeProfile({ secrets: ["NOWHERE"] })).id),
    ],
    [
      "when somebody else saved in between",
      "stale_draft",
      async () => tryDraft(operator, (await makeProfile()).id, { keepOnFailure: false, revision: 9 }),
    ],
  ])("%s", async (_, code, act) => {
    expect(await codeOf(act())).toBe(code);
  });

  it("and leaves nothing", async () => {
    const profile = await makeProfile({ secrets: ["NOWHERE"] });
    await codeOf(tryIt(profile.id));
    expect(await trialsOf(profile.id)).toEqual([]);
    expect(await db().snapshot.count({ where: { profileId: profile.id } })).toBe(0);
  });

  it("an archived profile can't be archived while its draft is being tried", async () => {
    const { profile, snapshot } = await trying();
    expect(await codeOf(updateProfile(operator, profile.id, { archived: true }))).toBe("snapshot_running");
    await cancelSnapshot(otherOperator, snapshot.id);
    await updateProfile(operator, profile.id, { archived: true });
  });
});

it("the page of the draft learns whether what was tried is what is there now", async () => {
  const profile = await makeProfile({ setupScript: "echo 1\n" });
  expect(await getLastTry(profile.id)).toMatchObject({ snapshot: null, changed: null, keepSeconds: 900 });
  const { snapshot } = await tryIt(profile.id);
  expect(await getLastTry(profile.id)).toMatchObject({ snapshot: { id: snapshot.id }, changed: false });
  await save(profile.id, "echo 2\n");
  expect(await getLastTry(profile.id)).toMatchObject({ changed: true, draftRevision: 2 });
  await save(profile.id, "echo 1\n");
  expect((await getLastTry(profile.id)).changed).toBe(false);
});

describe("old tries", () => {
  it("go a week after their end, with their logs and frozen specs; what runs or is kept stays", async () => {
    const aged = async (change: object) => {
      const { profile, snapshot } = await trying();
      await finishFailed(await claimBuild(snapshot.id, worker));
      await db().snapshot.update({ where: { id: snapshot.id }, data: change });
      return { profile, id: snapshot.id };
    };
    const weekAgo = new Date(Date.now() - 8 * 86_400_000);
    const old = await aged({ finishedAt: weekAgo });
    const kept = await aged({ finishedAt: weekAgo, keptContainerId: "c", keptUntil: new Date() });
    const young = await aged({});
    const running = await trying();
    await deleteOldTries();
    const left = await db().snapshot.findMany({
      where: { id: { in: [old.id, kept.id, young.id, running.snapshot.id] } },
      select: { id: true },
    });
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set([kept.id, young.id, running.snapshot.id]));
    expect(await trialsOf(old.profile.id)).toEqual([]);
    expect(await db().logChunk.count({ where: { snapshotId: old.id } })).toBe(0);
    expect(await trialsOf(young.profile.id)).toHaveLength(1);
    const { finishedAt, log } = await getSnapshot(young.id);
    expect(Date.parse(log.expiresAt ?? "") - Date.parse(finishedAt ?? "")).toBe(7 * 86_400_000);
  });

  it("go when a profile has more than ten, the oldest first; its versions' snapshots don't", async () => {
    const published = await publishReady(worker);
    const { id } = published.profile;
    await createDraft(operator, id);
    for (let n = 0; n < 12; n += 1) await cancelSnapshot(operator, (await tryIt(id)).snapshot.id);
    await deleteOldTries();
    const left = await db().snapshot.findMany({ where: { profileId: id }, orderBy: { number: "asc" } });
    expect(left.map(({ number }) => number)).toEqual([1, ...Array.from({ length: 10 }, (_, n) => n + 4)]);
    expect((await getProfile(id)).servingSnapshot?.id).toBe(published.snapshot.id);
    // Numbers aren't given twice.
    expect((await tryIt(id)).snapshot.number).toBe(14);
  });
});
