import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import {
  captureImage,
  claimBuild,
  finishReady,
  publishReady,
  requestRefresh,
  writeLines,
} from "@/prisma/factories/builds";
import { buildJobsOf, finishBuildJobs } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { cancelSnapshot } from "./cancel.server";
import type { ClaimedSnapshot } from "./claim.server";
import { readChunks } from "./log-store.server";
import { moveStep } from "./progress.server";
import { handBack, recoverLostSnapshots } from "./recover.server";
import { getSnapshot } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

/** What time does to a claim whose worker is gone. */
async function expireLease(id: string): Promise<void> {
  await db()
    .$executeRaw`UPDATE snapshots SET lease_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
}

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);
const textsOf = async (id: string) =>
  (await readChunks(id, 0, 1000)).flatMap(({ lines }) => lines.map(({ text }) => text));
const openJobs = async (id: string) =>
  (await buildJobsOf(id)).filter(({ state }) => state === "created" || state === "active");

/** Lost once: the worker died while the script ran. */
async function loseOnce(): Promise<ClaimedSnapshot> {
  const claimed = await publishAndClaim();
  await expireLease(claimed.claim.snapshotId);
  await recoverLostSnapshots();
  return claimed;
}

describe("an expired lease", () => {
  it("is tried again as a new attempt, from the beginning, with a divider in the log (F01)", async () => {
    const claimed = await publishAndClaim();
    const id = claimed.claim.snapshotId;
    await finishBuildJobs(id);
    await writeLines(claimed, ["one", "two"]);
    await moveStep(claimed.claim, "base-image", "done");
    await moveStep(claimed.claim, "setup", "running", 2);
    await captureImage(claimed.claim);
    await expireLease(id);
    expect(await recoverLostSnapshots()).toBe(1);
    const snapshot = await getSnapshot(id);
    expect(snapshot).toMatchObject({
      status: "queued",
      attempt: 1,
      image: null,
      worker: null,
      failure: null,
    });
    expect(
      new Set(
        snapshot.steps.map(({ status, startedAt, firstLine }) => `${status} ${startedAt} ${firstLine}`),
      ),
    ).toEqual(new Set(["pending null null"]));
    expect(await textsOf(id)).toEqual([
      expect.stringMatching(/^Queued/),
      "one",
      "two",
      "",
      `──── Attempt 1 was lost: the worker ${worker.name} stopped answering. Starting again from the base image. ────`,
    ]);
    expect(await openJobs(id)).toHaveLength(1);
    const again = await claimBuild(id, worker);
    expect(again).toMatchObject({ claim: { attempt: 2 }, log: { seq: 3, lines: 5 } });
    expect(await writeLines(again, ["three"])).toBe(true);
  });

  it("for the second time is a failure that says so", async () => {
    const { claim } = await loseOnce();
    await claimBuild(claim.snapshotId, worker);
    await expireLease(claim.snapshotId);
    await recoverLostSnapshots();
    const snapshot = await getSnapshot(claim.snapshotId);
    expect(snapshot).toMatchObject({
      status: "failed",
      failure: {
        code: "worker_lost",
        step: null,
        exitCode: null,
        hint: expect.stringMatching(/\.$/),
        message: expect.stringContaining(worker.name),
      },
    });
    expect(snapshot.finishedAt).not.toBeNull();
    expect((await textsOf(snapshot.id)).at(-1)).toBe(snapshot.failure?.message);
  });

  it("of a build that was asked to cancel is cancelled", async () => {
    const { claim } = await publishAndClaim();
    await cancelSnapshot(operator, claim.snapshotId);
    await expireLease(claim.snapshotId);
    await recoverLostSnapshots();
    const snapshot = await getSnapshot(claim.snapshotId);
    expect(snapshot).toMatchObject({ status: "cancelled", cancelRequestedBy: operator.name });
    expect(await textsOf(snapshot.id)).toContain(
      `Cancelled by ${operator.name}; its worker ${worker.name} was gone`,
    );
  });

  it("leaves in service what served before", async () => {
    const published = await publishReady(worker);
    const { snapshot } = await requestRefresh(published.profile.id);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await claimBuild(snapshot.id, worker);
      await expireLease(snapshot.id);
      await recoverLostSnapshots();
    }
    expect((await getSnapshot(snapshot.id)).status).toBe("failed");
    expect((await getSnapshot(published.snapshot.id)).serving).toBe(true);
  });

  it("is settled once, however many look at it at the same time", async () => {
    const claimed = await Promise.all(Array.from({ length: 6 }, publishAndClaim));
    const ids = claimed.map(({ claim }) => claim.snapshotId);
    for (const id of ids) await finishBuildJobs(id);
    for (const id of ids) await expireLease(id);
    const settled = await Promise.all(Array.from({ length: 5 }, () => recoverLostSnapshots()));
    expect(settled.reduce((sum, count) => sum + count, 0)).toBe(ids.length);
    for (const id of ids) {
      expect(await db().snapshot.findUniqueOrThrow({ where: { id } })).toMatchObject({
        status: "queued",
        losses: 1,
        attempt: 1,
      });
      expect((await textsOf(id)).filter((text) => text.includes("was lost"))).toHaveLength(1);
      expect(await openJobs(id)).toHaveLength(1);
    }
  });

  it("and its worker, which isn't dead but slow, settle it once between them", async () => {
    for (let round = 0; round < 10; round += 1) {
      const claimed = await publishAndClaim();
      const id = claimed.claim.snapshotId;
      await captureImage(claimed.claim);
      await expireLease(id);
      const recovered = round % 2 === 0 ? recoverLostSnapshots() : undefined;
      const [ready] = await Promise.all([finishReady(claimed), recovered ?? recoverLostSnapshots()]);
      const snapshot = await getSnapshot(id);
      expect([ready, snapshot.status, snapshot.serving]).toEqual(
        ready ? [true, "ready", true] : [false, "queued", false],
      );
      expect(await textsOf(id)).toHaveLength(ready ? 1 : 3);
    }
  });

  it("that hasn't run out is left alone", async () => {
    const { claim } = await publishAndClaim();
    await recoverLostSnapshots();
    expect(await getSnapshot(claim.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
  });
});

describe("a build that is handed back", () => {
  it("waits for the next worker, and isn't counted as lost (F23)", async () => {
    const claimed = await publishAndClaim();
    await finishBuildJobs(claimed.claim.snapshotId);
    expect(await handBack(claimed.claim, worker.name)).toBe(true);
    const row = await db().snapshot.findUniqueOrThrow({ where: { id: claimed.claim.snapshotId } });
    expect(row).toMatchObject({ status: "queued", attempt: 1, losses: 0, leaseUntil: null, workerId: null });
    expect((await textsOf(row.id)).at(-1)).toContain(`the worker ${worker.name} is shutting down`);
    expect(await openJobs(row.id)).toHaveLength(1);
  });

  it("has its job while that of the leaving worker still lives", async () => {
    const { claim } = await publishAndClaim();
    await handBack(claim, worker.name);
    expect(await openJobs(claim.snapshotId)).toHaveLength(2);
  });

  it("can still be lost and tried again", async () => {
    const { claim } = await publishAndClaim();
    await handBack(claim, worker.name);
    await claimBuild(claim.snapshotId, worker);
    await expireLease(claim.snapshotId);
    await recoverLostSnapshots();
    expect((await getSnapshot(claim.snapshotId)).status).toBe("queued");
  });

  it("ends in the end: ten workers in turn are enough", async () => {
    const { snapshot } = await publishProfile();
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const { claim } = await claimBuild(snapshot.id, worker);
      expect(claim.attempt).toBe(attempt);
      expect(await handBack(claim, worker.name)).toBe(true);
    }
    expect(await getSnapshot(snapshot.id)).toMatchObject({
      status: "failed",
      failure: { code: "worker_lost" },
    });
  });

  it("that was asked to cancel is cancelled", async () => {
    const { claim } = await publishAndClaim();
    await cancelSnapshot(operator, claim.snapshotId);
    expect(await handBack(claim, worker.name)).toBe(true);
    expect((await getSnapshot(claim.snapshotId)).status).toBe("cancelled");
    expect(await openJobs(claim.snapshotId)).toHaveLength(1);
  });
});

describe("a queued snapshot whose job is gone", () => {
  const age = (id: string) =>
    db().$executeRaw`UPDATE snapshots SET queued_at = now() - interval '1 minute' WHERE id = ${id}::uuid`;

  it("gets one again, once", async () => {
    const { snapshot } = await publishProfile();
    await finishBuildJobs(snapshot.id);
    await age(snapshot.id);
    await Promise.all([recoverLostSnapshots(), recoverLostSnapshots(), recoverLostSnapshots()]);
    await recoverLostSnapshots();
    expect(await openJobs(snapshot.id)).toHaveLength(1);
  });

  it("gets none while its job lives", async () => {
    const { snapshot } = await publishProfile();
    await age(snapshot.id);
    await recoverLostSnapshots();
    await recoverLostSnapshots();
    expect(await buildJobsOf(snapshot.id)).toHaveLength(1);
  });

  it("gets none while it is young: its job may be on its way", async () => {
    const { snapshot } = await publishProfile();
    await finishBuildJobs(snapshot.id);
    await recoverLostSnapshots();
    expect(await openJobs(snapshot.id)).toHaveLength(0);
  });

  it("gets one after an attempt that was lost, too", async () => {
    const { claim } = await loseOnce();
    await finishBuildJobs(claim.snapshotId);
    await age(claim.snapshotId);
    await recoverLostSnapshots();
    expect(await openJobs(claim.snapshotId)).toHaveLength(1);
    expect((await claimBuild(claim.snapshotId, worker)).claim.attempt).toBe(2);
  });
});
