import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { createSession } from "@/lib/sessions/create.server";
import { moveSession } from "@/lib/sessions/progress.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { claimRefresh, finishFailed, publishReady } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator, otherOperator } from "@/prisma/factories/people";
import { makeProfile, publishNext } from "@/prisma/factories/profiles";
import { makeRunningSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker, type TestWorker } from "@/prisma/factories/workers";
import { createProfile } from "./create.server";
import { getProfile, listProfiles } from "./store.server";
import { updateProfile } from "./update.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeSessionWorker();
});

const create = (name: string, description = "") => createProfile(operator, { name, description });

describe("making a profile", () => {
  it("gives it a draft with the default spec, a slug and who made it", async () => {
    const profile = await create("My Node Box", "For Node.");
    expect(profile).toMatchObject({
      slug: "my-node-box",
      name: "My Node Box",
      description: "For Node.",
      createdBy: operator.name,
      updatedBy: operator.name,
      draft: { revision: 1, basedOn: null },
      latestVersion: null,
      servingSnapshot: null,
      latestSnapshot: null,
      activeSessions: 0,
      archivedAt: null,
    });
    expect(await getProfile("my-node-box")).toEqual(profile);
    expect(
      await db().auditEntry.count({
        where: { objectId: profile.id, action: "profile.create", actorName: operator.name },
      }),
    ).toBe(1);
  });

  it("by ten at once with one name makes ten slugs", async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => create("Same Name")));
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(
      ["same-name", ...Array.from({ length: 9 }, (_, index) => `same-name-${index + 2}`)].toSorted(),
    );
  });
});

describe("changing a profile", () => {
  it("keeps its slug", async () => {
    const profile = await create("Before");
    const changed = await updateProfile(otherOperator, profile.slug, { name: "After", description: "New." });
    expect(changed).toMatchObject({
      id: profile.id,
      slug: "before",
      name: "After",
      description: "New.",
      updatedBy: otherOperator.name,
    });
  });

  it("leaves what isn't named", async () => {
    const profile = await create("Kept", "Kept, too.");
    expect(await updateProfile(operator, profile.id, {})).toMatchObject({
      name: "Kept",
      description: "Kept, too.",
      archivedAt: null,
    });
  });

  it.each(["0193a1b2-0000-7000-8000-0123456789ab", "nobody", "", "no\0body"])(
    "%j isn't there",
    async (named) => {
      expect(await codeOf(updateProfile(operator, named, { name: "x" }))).toBe("not_found");
    },
  );
});

describe("archiving", () => {
  it("takes it off the list and brings it back", async () => {
    const profile = await create("Archived one");
    const isListed = async (archived: boolean) =>
      (await listProfiles({ limit: 100, archived })).items.some(({ id }) => id === profile.id);
    await updateProfile(operator, profile.id, { archived: true });
    expect([await isListed(false), await isListed(true)]).toEqual([false, true]);
    await updateProfile(operator, profile.id, { archived: false });
    expect([await isListed(false), await isListed(true)]).toEqual([true, false]);
  });

  it("is refused while sessions run, and says how many", async () => {
    const { profile } = await publishReady(worker);
    const session = await makeRunningSession(profile.id, worker);
    await expect(updateProfile(operator, profile.id, { archived: true })).rejects.toMatchObject({
      status: 409,
      code: "sessions_running",
      message: expect.stringContaining("1 of"),
    });
    await stopSession(operator, session.id);
    expect(await codeOf(updateProfile(operator, profile.id, { archived: true }))).toBe("sessions_running");
    await moveSession(session.id, "stopped");
    expect(await codeOf(updateProfile(operator, profile.id, { archived: true }))).toBe("");
  });

  it("and a session's start at once: one of the two (F26)", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { profile } = await publishReady(worker);
      const starting =
        round % 2 === 0 ? codeOf(createSession(operator, { profile: profile.id, env: {} })) : undefined;
      const codes = await Promise.all([
        codeOf(updateProfile(operator, profile.id, { archived: true })),
        starting ?? codeOf(createSession(operator, { profile: profile.id, env: {} })),
      ]);
      expect([
        ["", "profile_archived"],
        ["sessions_running", ""],
      ]).toContainEqual(codes);
    }
  });
});

describe("what a profile shows", () => {
  it("its newest version's newest snapshot, and the serving one of the newest version that has one", async () => {
    const published = await publishReady(worker);
    const next = await publishNext(published.profile.id);
    expect(await getProfile(published.profile.id)).toMatchObject({
      latestVersion: 2,
      latestSnapshot: { id: next.snapshot.id, version: 2, status: "queued" },
      servingSnapshot: { id: published.snapshot.id, version: 1 },
    });
    await cancelSnapshot(operator, next.snapshot.id);
    await finishFailed(await claimRefresh(published, worker));
    expect(await getProfile(published.profile.id)).toMatchObject({
      latestSnapshot: { id: next.snapshot.id, status: "cancelled" },
      servingSnapshot: { id: published.snapshot.id },
    });
  });

  it("how many of its sessions aren't over", async () => {
    const { profile } = await publishReady(worker);
    const session = await makeRunningSession(profile.id, worker);
    await makeRunningSession(profile.id, worker);
    expect((await getProfile(profile.id)).activeSessions).toBe(2);
    await moveSession(session.id, "failed");
    expect((await getProfile(profile.id)).activeSessions).toBe(1);
  });
});

describe("the list", () => {
  it("is newest first, page by page, each once", async () => {
    const made = [];
    for (let i = 0; i < 7; i += 1) made.push(await makeProfile({}, `Paged ${i}`));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listProfiles({ query: "paged", limit: 3, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(made.map(({ id }) => id).toReversed());
  });

  describe("finds by name, slug and description", () => {
    beforeAll(async () => {
      await create("Größe", "A 100%_sure hit in these words.");
    });

    it.each([
      ["größe", ["Größe"]],
      ["GRÖSSE", []],
      ["Gro-e", ["Größe"]],
      ["in these words", ["Größe"]],
      ["no such thing", []],
      // Signs that mean something to LIKE are signs like any other here.
      ["100%_sure", ["Größe"]],
      ["1%sure", []],
      ["%", ["Größe"]],
      ["_", ["Größe"]],
      ["\\", []],
    ])("%j", async (query, names) => {
      expect((await listProfiles({ query, limit: 100 })).items.map(({ name }) => name)).toEqual(names);
    });
  });
});
