import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import {
  claimBuild,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { buildJobsOf } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { makeProfile, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { cancelSnapshot } from "./cancel.server";
import { refreshVersion, requestSnapshot } from "./request.server";
import { listSnapshots } from "./store.server";
import { readFrames } from "./stored-log.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

describe("I1: at most one active snapshot a version", () => {
  it("twenty refreshes at once make one snapshot and get twenty answers with its id (F07)", async () => {
    const { profile } = await publishReady(worker);
    const answers = await times(20, () => requestRefresh(profile.id));
    expect(new Set(answers.map(({ snapshot }) => snapshot.id)).size).toBe(1);
    expect(answers.filter(({ joined }) => !joined)).toHaveLength(1);
    expect(answers.filter(({ joined }) => joined)).toHaveLength(19);
    const active = await db().snapshot.findMany({
      where: { profileId: profile.id, status: { in: ["queued", "running"] } },
    });
    expect(active.map(({ id }) => id)).toEqual([answers[0]?.snapshot.id]);
    expect(await buildJobsOf(active[0]?.id ?? "")).toHaveLength(1);
  });

  it("joins a running one, too", async () => {
    const { profile, snapshot } = await publishProfile();
    await claimBuild(snapshot.id, worker);
    const answer = await requestRefresh(profile.slug);
    expect(answer).toMatchObject({ joined: true, snapshot: { id: snapshot.id, status: "running" } });
  });

  it("makes a new one when the last has ended, in whatever way", async () => {
    const published = await publishProfile();
    await finishFailed(await claimBuild(published.snapshot.id, worker));
    const second = await requestRefresh(published.profile.id);
    expect(second).toMatchObject({ joined: false, snapshot: { number: 2 } });
    await cancelSnapshot(operator, second.snapshot.id);
    const third = await requestRefresh(published.profile.id);
    expect(third).toMatchObject({ joined: false, snapshot: { number: 3 } });
    await finishReady(await claimBuild(third.snapshot.id, worker));
    expect(await requestRefresh(published.profile.id)).toMatchObject({
      joined: false,
      snapshot: { number: 4 },
    });
  });

  it("is the index's doing: a second row by hand is refused", async () => {
    const { profile, version } = await publishProfile();
    const row = {
      profileId: profile.id,
      versionId: version.id,
      number: 99,
      trigger: "manual",
      requestedByKind: "user",
      requestedByName: "x",
    };
    await expect(db().snapshot.create({ data: row })).rejects.toThrow(
      /snapshots_one_active|Unique constraint/,
    );
    await expect(db().snapshot.create({ data: { ...row, status: "failed" } })).resolves.toBeDefined();
  });

  it("two versions of a profile are prepared side by side", async () => {
    const { profile, snapshot } = await publishProfile();
    const next = await publishNext(profile.id);
    expect(next.snapshot.id).not.toBe(snapshot.id);
    expect(await db().snapshot.count({ where: { profileId: profile.id, status: "queued" } })).toBe(2);
  });
});

describe("I2: the row and its queue entry commit together", () => {
  class Undo extends Error {}

  it("both are there, with the first log line, the steps and the audit entry", async () => {
    const { snapshot } = await publishProfile();
    expect(await buildJobsOf(snapshot.id)).toMatchObject([
      { state: "created", data: { snapshotId: snapshot.id } },
    ]);
    const frames = await readFrames(snapshot.id, 0);
    expect(frames.flatMap(({ lines }) => lines)).toMatchObject([
      { line: 1, stream: "system", text: "Queued: the version was published (Olga Operator)" },
    ]);
    expect(snapshot.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "base-image pending",
      "files pending",
      "setup pending",
      "capture pending",
      "check pending",
      "promote pending",
    ]);
    const planned = await publishProfile({
      packages: { apt: ["git"] },
      repositories: [{ url: "https://example.com/a", path: "/a" }],
      setupScript: "## step: Build it\ntrue\n## step: Test it\ntrue\n",
    });
    expect(planned.snapshot.steps.map(({ name, title }) => `${name}: ${title}`)).toEqual([
      "base-image: Base image",
      "files: Files",
      "packages:apt: apt packages",
      "repositories: Repositories",
      "setup:1: Build it",
      "setup:2: Test it",
      "capture: Capture",
      "check: Check",
      "promote: Promote",
    ]);
    expect(
      await db().auditEntry.count({ where: { objectId: snapshot.id, action: "snapshot.request" } }),
    ).toBe(1);
  });

  it("a transaction that fails afterwards leaves none of it", async () => {
    const published = await publishReady(worker);
    const before = await db().profile.findUniqueOrThrow({ where: { id: published.profile.id } });
    let id = "";
    const work = db().$transaction(async (tx) => {
      ({
        snapshot: { id },
      } = await requestSnapshot(tx, operator, {
        versionId: published.version.id,
        trigger: "manual",
        mode: "full",
      }));
      throw new Undo();
    });
    await expect(work).rejects.toThrow(Undo);
    expect(await db().snapshot.findUnique({ where: { id } })).toBeNull();
    expect(await buildJobsOf(id)).toEqual([]);
    expect(await readFrames(id, 0)).toEqual([]);
    expect(await db().auditEntry.count({ where: { objectId: id } })).toBe(0);
    expect((await db().profile.findUniqueOrThrow({ where: { id: before.id } })).snapshotCount).toBe(
      before.snapshotCount,
    );
  });

  it("a joined request sends no second job", async () => {
    const { profile, snapshot } = await publishProfile();
    await requestRefresh(profile.id);
    await requestRefresh(profile.id);
    expect(await buildJobsOf(snapshot.id)).toHaveLength(1);
  });
});

describe("numbers", () => {
  it("have no gap and no double through a profile, however close the requests are", async () => {
    const { profile } = await publishProfile();
    for (let version = 2; version <= 8; version += 1) await publishNext(profile.id);
    const all = await db().snapshot.findMany({
      where: { profileId: profile.id },
      orderBy: { number: "asc" },
    });
    await times(all.length, (index) => cancelSnapshot(operator, all[index]?.id ?? ""));
    await times(40, (index) => requestRefresh(profile.id, 1 + (index % 8)));
    const numbers = (
      await db().snapshot.findMany({ where: { profileId: profile.id }, orderBy: { number: "asc" } })
    ).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });

  it("order the ids, which are the lists' cursors", async () => {
    const published = await publishProfile();
    for (let i = 0; i < 5; i += 1) {
      await finishFailed(await claimBuild((await requestRefresh(published.profile.id)).snapshot.id, worker));
    }
    const { items } = await listSnapshots({ profile: published.profile.slug, limit: 100 });
    expect(items.map(({ number }) => number)).toEqual(
      [5, 4, 3, 2, 1].filter((number) => items.some((item) => item.number === number)),
    );
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSnapshots({ versionId: published.version.id, limit: 2, cursor });
      pages.push(...page.items.map(({ number }) => number));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(pages).toEqual(items.map(({ number }) => number));
  });
});

describe("what is refused", () => {
  it("an archived profile", async () => {
    const { profile } = await publishReady(worker);
    await updateProfile(operator, profile.id, { archived: true });
    expect(await codeOf(requestRefresh(profile.id))).toBe("profile_archived");
    await updateProfile(operator, profile.id, { archived: false });
    expect(await codeOf(requestRefresh(profile.id))).toBe("");
  });

  it("archiving while one is active", async () => {
    const { profile, snapshot } = await publishProfile();
    expect(await codeOf(updateProfile(operator, profile.id, { archived: true }))).toBe("snapshot_running");
    await cancelSnapshot(operator, snapshot.id);
    expect(await codeOf(updateProfile(operator, profile.id, { archived: true }))).toBe("");
  });

  it("either the refresh or the archiving, when both come at once (F26)", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { profile } = await publishReady(worker);
      const codes = await Promise.all([
        codeOf(requestRefresh(profile.id)),
        codeOf(updateProfile(operator, profile.id, { archived: true })),
      ]);
      expect([
        ["", "snapshot_running"],
        ["profile_archived", ""],
      ]).toContainEqual(codes);
    }
  });

  it("an incremental refresh while nothing serves: there is nothing to build upon", async () => {
    const { profile } = await publishProfile();
    const work = refreshVersion(operator, {
      profile: profile.id,
      version: 1,
      trigger: "api",
      mode: "incremental",
    });
    await expect(work).rejects.toMatchObject({ status: 409, code: "no_serving_snapshot" });
  });

  it.each(["a version that isn't there", "a draft", "a profile that isn't there"])("%s", async (what) => {
    const profile =
      what === "a draft"
        ? (await makeProfile()).id
        : what === "a version that isn't there"
          ? (await publishReady(worker)).profile.id
          : "nobody";
    expect(await codeOf(requestRefresh(profile, what === "a version that isn't there" ? 2 : 1))).toBe(
      "not_found",
    );
  });
});

describe("who asked and why", () => {
  it.each([
    ["manual", "a refresh was asked for in the dashboard"],
    ["api", "a refresh was asked for through the API"],
    ["schedule", "its schedule is due"],
  ] as const)("is kept: %s", async (trigger, reason) => {
    const { profile } = await publishReady(worker);
    const { snapshot } = await refreshVersion(operator, {
      profile: profile.id,
      version: 1,
      trigger,
      mode: "full",
    });
    expect(snapshot).toMatchObject({
      trigger,
      requestedBy: "Olga Operator",
      status: "queued",
      attempt: 0,
      serving: false,
      mode: "full",
    });
    expect(snapshot.log.lastLine).toBe(`Queued: ${reason} (Olga Operator)`);
  });
});
