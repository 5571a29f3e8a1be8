import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { getVersion } from "@/lib/profiles/store.server";
import {
  captureImage,
  claimBuild,
  claimRefresh,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
  writeLines,
} from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator, otherOperator } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { cancelSnapshot } from "./cancel.server";
import { claimSnapshot } from "./claim.server";
import { failureCodes, hintFor } from "./failure";
import { endSnapshot } from "./finish.server";
import { moveStep } from "./progress.server";
import { readyWords } from "./ready-words";
import { getSnapshot } from "./store.server";
import { readFrames } from "./stored-log.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);
const servingOf = async (profile: string) => (await getVersion(profile, 1)).servingSnapshot?.number ?? null;
const textsOf = async (id: string) =>
  (await readFrames(id, 0)).flatMap(({ lines }) => lines.map(({ text }) => text));

describe("I6: what serves", () => {
  it("nothing, until the first success", async () => {
    const published = await publishProfile();
    expect(await getVersion(published.profile.id, 1)).toMatchObject({ usable: false, servingSnapshot: null });
    await finishReady(await claimBuild(published.snapshot.id, worker));
    expect(await getVersion(published.profile.id, 1)).toMatchObject({
      usable: true,
      servingSnapshot: { number: 1, serving: true, status: "ready" },
    });
  });

  it("the newest success", async () => {
    const published = await publishReady(worker);
    await finishReady(await claimRefresh(published, worker));
    expect(await servingOf(published.profile.id)).toBe(2);
    expect((await getSnapshot(published.snapshot.id)).serving).toBe(false);
  });

  it("what served before, when the next one fails", async () => {
    const published = await publishReady(worker);
    await finishFailed(await claimRefresh(published, worker));
    expect(await servingOf(published.profile.id)).toBe(1);
    expect(await getVersion(published.profile.id, 1)).toMatchObject({
      usable: true,
      latestSnapshot: { number: 2, status: "failed" },
    });
  });

  it.each(["queued", "running"])(
    "what served before, when the next one is cancelled while %s",
    async (status) => {
      const published = await publishReady(worker);
      const { snapshot } = await requestRefresh(published.profile.id);
      const claimed = status === "running" ? await claimBuild(snapshot.id, worker) : null;
      await cancelSnapshot(operator, snapshot.id);
      if (claimed) await endSnapshot(claimed, { status: "cancelled", by: operator.name }, []);
      expect((await getSnapshot(snapshot.id)).status).toBe("cancelled");
      expect(await servingOf(published.profile.id)).toBe(1);
    },
  );

  it("never an older one than before, though it ends later", async () => {
    const published = await publishProfile();
    const older = await claimBuild(published.snapshot.id, worker);
    // Only one can be active, so the newer one is ready before the older one may run again.
    await db().$executeRaw`UPDATE snapshots SET status = 'failed' WHERE id = ${older.claim.snapshotId}::uuid`;
    await finishReady(await claimRefresh(published, worker));
    await db()
      .$executeRaw`UPDATE snapshots SET status = 'running' WHERE id = ${older.claim.snapshotId}::uuid`;
    expect(await finishReady(older, { words: readyWords })).toBe(true);
    expect(await servingOf(published.profile.id)).toBe(2);
    expect(await getSnapshot(older.claim.snapshotId)).toMatchObject({ status: "ready", serving: false });
    expect((await textsOf(older.claim.snapshotId)).at(-1)).toMatch(/ a newer snapshot does already$/);
  });

  it("nothing of another version", async () => {
    const a = await publishReady(worker);
    const b = await publishProfile();
    await finishReady(await claimBuild(b.snapshot.id, worker));
    expect((await getVersion(a.profile.id, 1)).servingSnapshot?.id).toBe(a.snapshot.id);
    expect((await getVersion(b.profile.id, 1)).servingSnapshot?.id).toBe(b.snapshot.id);
  });

  it("only what has an image", async () => {
    const { claim } = await publishAndClaim();
    expect(await endSnapshot({ claim }, { status: "ready" }, [])).toBe(false);
    expect((await getSnapshot(claim.snapshotId)).status).toBe("running");
  });

  it("moves in the transaction that makes the snapshot ready: a rollback leaves both as they were (F03)", async () => {
    const published = await publishReady(worker);
    const claimed = await claimRefresh(published, worker);
    await captureImage(claimed.claim);
    // The last write of the ending is refused, as if the worker had been killed there.
    await db().$executeRawUnsafe(
      `CREATE FUNCTION refuse_ready() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$`,
    );
    await db().$executeRawUnsafe(
      `CREATE TRIGGER refuse_ready BEFORE INSERT ON audit_entries FOR EACH ROW WHEN (NEW.action = 'snapshot.ready') EXECUTE FUNCTION refuse_ready()`,
    );
    try {
      await expect(endSnapshot(claimed, { status: "ready" }, ["last words"])).rejects.toThrow("killed");
    } finally {
      await db().$executeRawUnsafe("DROP TRIGGER refuse_ready ON audit_entries");
    }
    expect((await getSnapshot(claimed.claim.snapshotId)).status).toBe("running");
    expect(await servingOf(published.profile.id)).toBe(1);
    expect(await textsOf(claimed.claim.snapshotId)).not.toContain("last words");
    expect(await endSnapshot(claimed, { status: "ready" }, [])).toBe(true);
    expect(await servingOf(published.profile.id)).toBe(2);
  });
});

describe("success and cancellation at the same instant (F08)", () => {
  it("one of the two, never cancelled but serving: fifty times", async () => {
    const published = await publishReady(worker);
    for (let round = 0; round < 50; round += 1) {
      const claimed = await claimRefresh(published, worker);
      const id = claimed.claim.snapshotId;
      await captureImage(claimed.claim);
      const before = await servingOf(published.profile.id);
      // Each has its head start in turn.
      const cancelling = round % 2 === 0 ? codeOf(cancelSnapshot(operator, id)) : undefined;
      const [ready, code] = await Promise.all([
        endSnapshot(claimed, { status: "ready" }, []),
        cancelling ?? codeOf(cancelSnapshot(operator, id)),
      ]);
      const snapshot = await getSnapshot(id);
      if (ready) {
        expect([code, snapshot.status, snapshot.serving, snapshot.cancelRequestedAt]).toEqual([
          "already_ended",
          "ready",
          true,
          null,
        ]);
      } else {
        expect([code, snapshot.status, snapshot.serving]).toEqual(["", "running", false]);
        expect(await endSnapshot(claimed, { status: "cancelled", by: operator.name }, [])).toBe(true);
        expect(await servingOf(published.profile.id)).toBe(before);
      }
    }
  });

  it("a build that was asked to cancel can't become ready any more", async () => {
    const claimed = await publishAndClaim();
    await cancelSnapshot(operator, claimed.claim.snapshotId);
    expect(await finishReady(claimed)).toBe(false);
    expect(await getSnapshot(claimed.claim.snapshotId)).toMatchObject({ status: "running", serving: false });
  });

  it("but it can fail", async () => {
    const claimed = await publishAndClaim();
    await cancelSnapshot(operator, claimed.claim.snapshotId);
    expect(await finishFailed(claimed)).toBe(true);
  });
});

describe("cancelling", () => {
  it("ends a queued one at once, with its reason in the log", async () => {
    const { snapshot } = await publishProfile();
    expect(await cancelSnapshot(operator, snapshot.id)).toMatchObject({
      status: "cancelled",
      cancelRequestedBy: operator.name,
      failure: null,
    });
    expect((await textsOf(snapshot.id)).at(-1)).toBe(`Cancelled by ${operator.name} before it was picked up`);
  });

  it("asks a running one, and keeps who asked first", async () => {
    const { claim } = await publishAndClaim();
    expect(await cancelSnapshot(operator, claim.snapshotId)).toMatchObject({
      status: "running",
      cancelRequestedBy: operator.name,
    });
    expect(await cancelSnapshot(otherOperator, claim.snapshotId)).toMatchObject({
      status: "running",
      cancelRequestedBy: operator.name,
    });
    expect(
      await db().auditEntry.count({ where: { objectId: claim.snapshotId, action: "snapshot.cancel" } }),
    ).toBe(1);
  });

  it.each([
    ["ready", finishReady],
    ["failed", finishFailed],
  ])("refuses what is %s", async (_, finish) => {
    const claimed = await publishAndClaim();
    await finish(claimed);
    expect(await codeOf(cancelSnapshot(operator, claimed.claim.snapshotId))).toBe("already_ended");
    expect((await getSnapshot(claimed.claim.snapshotId)).cancelRequestedAt).toBeNull();
  });

  it("refuses what was cancelled, and what isn't there", async () => {
    const { snapshot } = await publishProfile();
    await cancelSnapshot(operator, snapshot.id);
    expect(await codeOf(cancelSnapshot(operator, snapshot.id))).toBe("already_ended");
    expect(await codeOf(cancelSnapshot(operator, "0193a1b2-0000-7000-8000-0123456789ab"))).toBe("not_found");
    expect(await codeOf(cancelSnapshot(operator, "nothing"))).toBe("not_found");
  });

  it("at the same instant as the claim: cancelled, or running and asked", async () => {
    for (let round = 0; round < 12; round += 1) {
      const { snapshot } = await publishProfile();
      const claiming = round % 2 === 0 ? claimSnapshot(snapshot.id, worker) : undefined;
      const [answer, claimed] = await Promise.all([
        cancelSnapshot(operator, snapshot.id),
        claiming ?? claimSnapshot(snapshot.id, worker),
      ]);
      const now = await getSnapshot(snapshot.id);
      expect(now.status).toBe(claimed ? "running" : "cancelled");
      expect(now.cancelRequestedBy).toBe(operator.name);
      expect(answer.status).toBe(now.status);
    }
  });
});

describe("I7: every ending", () => {
  it.each(failureCodes)("has a code, a sentence and what to do next: %s", async (code) => {
    const { claim } = await publishAndClaim();
    const failure = { code, message: "It went wrong.", step: "setup", exitCode: 7 };
    expect(await endSnapshot({ claim }, { status: "failed", failure }, ["Failed: It went wrong."])).toBe(
      true,
    );
    const snapshot = await getSnapshot(claim.snapshotId);
    expect(snapshot.failure).toEqual({ ...failure, hint: hintFor(code) });
    expect(snapshot.failure?.hint).toMatch(/^[A-Z].*\.$/);
    expect(snapshot.finishedAt).not.toBeNull();
  });

  it("settles the steps: the one that ran failed, the rest is skipped", async () => {
    const claimed = await publishAndClaim();
    await moveStep(claimed.claim, "base-image", { status: "done" });
    await moveStep(claimed.claim, "files", { status: "skipped" });
    await moveStep(claimed.claim, "setup", { status: "running", firstLine: 5 });
    await finishFailed(claimed);
    const { steps } = await getSnapshot(claimed.claim.snapshotId);
    expect(steps.map(({ status }) => status)).toEqual([
      "done",
      "skipped",
      "failed",
      "skipped",
      "skipped",
      "skipped",
    ]);
    expect(steps[2]?.finishedAt).not.toBeNull();
  });

  it("of success finishes the step that ran", async () => {
    const claimed = await publishAndClaim();
    await moveStep(claimed.claim, "promote", { status: "running", firstLine: 5 });
    await finishReady(claimed);
    expect((await getSnapshot(claimed.claim.snapshotId)).steps.at(-1)).toMatchObject({
      status: "done",
      firstLine: 5,
    });
  });

  it("comes once: of ten that try, one does", async () => {
    const claimed = await publishAndClaim();
    await captureImage(claimed.claim);
    const endings = Array.from({ length: 10 }, (_, index) =>
      index % 2 ? finishFailed(claimed) : endSnapshot(claimed, { status: "ready" }, ["Ready"]),
    );
    expect((await Promise.all(endings)).filter(Boolean)).toHaveLength(1);
    expect(await textsOf(claimed.claim.snapshotId)).toHaveLength(2);
    const audited = await db().auditEntry.findMany({
      where: { objectId: claimed.claim.snapshotId, action: { in: ["snapshot.ready", "snapshot.failed"] } },
    });
    expect(audited).toHaveLength(1);
  });

  it("has its last words behind everything that was written, each on a line of its own", async () => {
    const claimed = await publishAndClaim();
    await writeLines(claimed, ["output"]);
    await endSnapshot(claimed, { status: "cancelled", by: "x" }, ["Cancelled by x", "in two\nlines"]);
    expect(await textsOf(claimed.claim.snapshotId)).toEqual([
      expect.stringMatching(/^Queued/),
      "output",
      "Cancelled by x",
      "in two",
      "lines",
    ]);
    expect((await getSnapshot(claimed.claim.snapshotId)).log).toMatchObject({ lines: 5, lastLine: "lines" });
  });

  it("without last words leaves the log as it is", async () => {
    const claimed = await publishAndClaim();
    await writeLines(claimed, ["output"]);
    await finishReady(claimed);
    expect(await textsOf(claimed.claim.snapshotId)).toEqual([expect.stringMatching(/^Queued/), "output"]);
    expect((await getSnapshot(claimed.claim.snapshotId)).log).toMatchObject({ lines: 2, lastLine: "output" });
  });
});

describe("what can never change", () => {
  it.each([
    `spec = '{"baseImage":"other"}'`,
    "notes = 'other'",
    "number = 9",
    "state = 'draft', number = NULL",
    "published_by = 'other'",
    "published_at = now() + interval '1 day'",
  ])("a published version: %s", async (change) => {
    const { version } = await publishProfile();
    await expect(
      db().$executeRawUnsafe(`UPDATE versions SET ${change} WHERE id = '${version.id}'`),
    ).rejects.toThrow("a published version cannot be changed");
  });

  it("a published version isn't deleted", async () => {
    const { version } = await publishProfile();
    await expect(db().$executeRaw`DELETE FROM versions WHERE id = ${version.id}::uuid`).rejects.toThrow(
      "a published version cannot be deleted",
    );
  });

  it("an audit entry", async () => {
    const { snapshot } = await publishProfile();
    await expect(
      db().$executeRaw`UPDATE audit_entries SET actor_name = 'x' WHERE object_id = ${snapshot.id}::uuid`,
    ).rejects.toThrow("audit entries cannot be changed");
    await expect(
      db().$executeRaw`DELETE FROM audit_entries WHERE object_id = ${snapshot.id}::uuid`,
    ).rejects.toThrow("audit entries cannot be changed");
  });
});
