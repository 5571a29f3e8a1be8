import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { AppError } from "@/lib/errors";
import { cancelSnapshot } from "@/lib/snapshots/cancel.server";
import { codeOf } from "@/prisma/factories/errors";
import { buildJobsOf } from "@/prisma/factories/jobs";
import { operator, otherOperator } from "@/prisma/factories/people";
import { makeProfile, makeSpec, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { createDraft, discardDraft, publishDraft, saveDraft } from "./draft.server";
import { getDraft, getProfile, getVersion, listVersions } from "./store.server";
import { updateProfile } from "./update.server";

useSuiteDatabase();

const publish = (profile: string, revision?: number) =>
  publishDraft(operator, profile, { notes: "", revision });
const withScript = (setupScript: string) => makeSpec({ setupScript });

describe("saving a draft", () => {
  it("counts its revision and keeps who saved it", async () => {
    const profile = await makeProfile();
    expect(profile.draft?.revision).toBe(1);
    const saved = await saveDraft(otherOperator, profile.slug, 1, withScript("one"));
    expect(saved).toMatchObject({ revision: 2, updatedBy: otherOperator.name, spec: { setupScript: "one" } });
    expect(await getDraft(profile.id)).toEqual(saved);
    expect(await getProfile(profile.id)).toMatchObject({
      updatedBy: otherOperator.name,
      draft: { revision: 2 },
    });
  });

  it("with an old revision is refused, and tells the current one and who saved it", async () => {
    const profile = await makeProfile();
    await saveDraft(otherOperator, profile.id, 1, withScript("theirs"));
    const work = saveDraft(operator, profile.id, 1, withScript("mine"));
    await expect(work).rejects.toMatchObject({
      status: 412,
      code: "stale_draft",
      extra: { revision: 2, updatedBy: otherOperator.name },
    });
    expect((await getDraft(profile.id)).spec.setupScript).toBe("theirs");
  });

  it("with a revision that isn't there yet is refused, too", async () => {
    const profile = await makeProfile();
    expect(await codeOf(saveDraft(operator, profile.id, 2, withScript("x")))).toBe("stale_draft");
  });

  it("without a revision goes over whatever is there", async () => {
    const profile = await makeProfile();
    await saveDraft(otherOperator, profile.id, 1, withScript("theirs"));
    expect(await saveDraft(operator, profile.id, null, withScript("mine"))).toMatchObject({
      revision: 3,
      spec: { setupScript: "mine" },
    });
  });

  it("by two at once: exactly one wins, and the other is told the current revision", async () => {
    for (let round = 0; round < 6; round += 1) {
      const profile = await makeProfile();
      const savers = ["a", "b", "c", "d"].map((script) =>
        saveDraft(operator, profile.id, 1, withScript(script)),
      );
      const results = await Promise.allSettled(savers);
      const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      const refused: unknown[] = results.flatMap((result) =>
        result.status === "rejected" ? [result.reason] : [],
      );
      expect(won).toHaveLength(1);
      for (const error of refused)
        expect(error).toMatchObject({ code: "stale_draft", extra: { revision: 2 } });
      expect(refused.every((error) => error instanceof AppError)).toBe(true);
      expect(await getDraft(profile.id)).toEqual(won[0]);
    }
  });

  it("is refused where there is none, and in an archived profile", async () => {
    const { profile, snapshot } = await publishProfile();
    expect(await codeOf(saveDraft(operator, profile.id, 1, withScript("x")))).toBe("no_draft");
    expect(await codeOf(saveDraft(operator, "nobody", 1, withScript("x")))).toBe("not_found");
    await createDraft(operator, profile.id);
    await cancelSnapshot(operator, snapshot.id);
    await updateProfile(operator, profile.id, { archived: true });
    expect(await codeOf(saveDraft(operator, profile.id, 1, withScript("x")))).toBe("profile_archived");
  });

  it("touches no other profile's draft", async () => {
    const [one, two] = [await makeProfile({ setupScript: "one" }), await makeProfile({ setupScript: "two" })];
    await saveDraft(operator, one.id, 1, withScript("changed"));
    expect(await getDraft(two.id)).toMatchObject({ revision: 1, spec: { setupScript: "two" } });
  });
});

describe("making a draft", () => {
  it("takes the newest version, or the one that is named", async () => {
    const { profile } = await publishProfile({ setupScript: "one" });
    await publishNext(profile.id, { setupScript: "two" });
    expect(await createDraft(operator, profile.id)).toMatchObject({
      revision: 1,
      basedOn: 2,
      spec: { setupScript: "two" },
    });
    await discardDraft(operator, profile.id);
    expect(await createDraft(operator, profile.slug, 1)).toMatchObject({
      revision: 1,
      basedOn: 1,
      spec: { setupScript: "one" },
    });
  });

  it("is refused where there is one, and from a version that isn't there", async () => {
    const { profile } = await publishProfile();
    expect(await codeOf(createDraft(operator, profile.id, 7))).toBe("not_found");
    await createDraft(operator, profile.id);
    expect(await codeOf(createDraft(operator, profile.id))).toBe("draft_exists");
    expect(await codeOf(createDraft(operator, (await makeProfile()).id))).toBe("not_found");
    expect(await codeOf(createDraft(operator, "nobody"))).toBe("not_found");
  });

  it("by ten at once makes one", async () => {
    const { profile } = await publishProfile();
    const codes = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(createDraft(operator, profile.id))),
    );
    expect(codes.filter((code) => code === "")).toHaveLength(1);
    expect(codes.filter((code) => code === "draft_exists")).toHaveLength(9);
    expect(await db().version.count({ where: { profileId: profile.id, state: "draft" } })).toBe(1);
  });
});

describe("discarding a draft", () => {
  it("leaves the versions, and is refused where there is none", async () => {
    const { profile } = await publishProfile();
    await createDraft(operator, profile.id);
    await discardDraft(operator, profile.id);
    expect(await codeOf(getDraft(profile.id))).toBe("no_draft");
    expect(await codeOf(discardDraft(operator, profile.id))).toBe("no_draft");
    expect((await getProfile(profile.id)).latestVersion).toBe(1);
  });
});

describe("publishing", () => {
  it("uses the draft up, numbers the version and queues its snapshot, all at once", async () => {
    const profile = await makeProfile({ setupScript: "one" });
    const { version, snapshot } = await publishDraft(operator, profile.id, { notes: "First." });
    expect(version).toMatchObject({
      number: 1,
      notes: "First.",
      publishedBy: operator.name,
      usable: false,
      latestSnapshot: { id: snapshot.id },
    });
    expect(snapshot).toMatchObject({ number: 1, version: 1, trigger: "publish", status: "queued" });
    expect(await codeOf(getDraft(profile.id))).toBe("no_draft");
    expect(await buildJobsOf(snapshot.id)).toHaveLength(1);
    expect(await getVersion(profile.slug, 1)).toEqual(version);
    expect(await getProfile(profile.id)).toMatchObject({
      latestVersion: 1,
      draft: null,
      latestSnapshot: { id: snapshot.id },
    });
  });

  it("with an old revision is refused, and nothing of it stays", async () => {
    const profile = await makeProfile();
    await saveDraft(otherOperator, profile.id, 1, withScript("theirs"));
    await expect(publish(profile.id, 1)).rejects.toMatchObject({
      code: "stale_draft",
      extra: { revision: 2 },
    });
    expect(await getProfile(profile.id)).toMatchObject({
      latestVersion: null,
      latestSnapshot: null,
      draft: { revision: 2 },
    });
    expect(await db().snapshot.count({ where: { profileId: profile.id } })).toBe(0);
    expect((await publish(profile.id, 2)).version.number).toBe(1);
  });

  it("by two at once makes one version and one snapshot", async () => {
    for (let round = 0; round < 5; round += 1) {
      const profile = await makeProfile();
      const codes = await Promise.all([
        codeOf(publish(profile.id)),
        codeOf(publish(profile.id)),
        codeOf(publish(profile.id, 1)),
      ]);
      expect(codes.toSorted()).toEqual(["", "no_draft", "no_draft"]);
      expect((await listVersions(profile.id, { limit: 10 })).items.map(({ number }) => number)).toEqual([1]);
      expect(await db().snapshot.count({ where: { profileId: profile.id } })).toBe(1);
      expect((await publishNext(profile.id)).version.number).toBe(2);
    }
  });

  it("and saving at once: what was published is what was saved, or the save is refused", async () => {
    for (let round = 0; round < 6; round += 1) {
      const profile = await makeProfile({ setupScript: "before" });
      const saving =
        round % 2 === 0 ? codeOf(saveDraft(operator, profile.id, 1, withScript("after"))) : undefined;
      const [published, saved] = await Promise.all([
        publish(profile.id),
        saving ?? codeOf(saveDraft(operator, profile.id, 1, withScript("after"))),
      ]);
      expect([published.version.spec.setupScript, saved]).toEqual(
        saved === "" ? ["after", ""] : ["before", "no_draft"],
      );
    }
  });

  it("is refused without a draft and in an archived profile", async () => {
    const profile = await makeProfile();
    await updateProfile(operator, profile.id, { archived: true });
    expect(await codeOf(publish(profile.id))).toBe("profile_archived");
    await updateProfile(operator, profile.id, { archived: false });
    await publish(profile.id);
    expect(await codeOf(publish(profile.id))).toBe("no_draft");
    expect(await codeOf(publish("nobody"))).toBe("not_found");
  });

  it("leaves the older versions as they are", async () => {
    const { profile, version } = await publishProfile({ setupScript: "one" });
    await publishNext(profile.id, { setupScript: "two" });
    expect(await getVersion(profile.id, 1)).toEqual(version);
    expect((await getVersion(profile.id, 2)).spec.setupScript).toBe("two");
  });
});

describe("a version's list", () => {
  it("is newest first, page by page, without the draft", async () => {
    const { profile } = await publishProfile();
    for (let i = 0; i < 4; i += 1) await publishNext(profile.id);
    await createDraft(operator, profile.id);
    const first = await listVersions(profile.slug, { limit: 2 });
    expect(first).toMatchObject({ items: [{ number: 5 }, { number: 4 }], nextCursor: "4" });
    const second = await listVersions(profile.slug, { limit: 2, cursor: first.nextCursor ?? "" });
    expect(second.items.map(({ number }) => number)).toEqual([3, 2]);
    const last = await listVersions(profile.slug, { limit: 2, cursor: second.nextCursor ?? "" });
    expect(last).toMatchObject({ items: [{ number: 1 }], nextCursor: null });
  });
});
