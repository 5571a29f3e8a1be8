import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import {
  captureImage,
  claimBuild,
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
import { moveStep, recordContainer } from "./progress.server";
import { recoverLostSnapshots } from "./recover.server";
import { getSnapshot } from "./store.server";
import { readFrames } from "./stored-log.server";

useSuiteDatabase();
let worker: TestWorker;
/** Of another host: it looks at what the first one left. */
let onlooker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
  onlooker = await makeWorker();
});

/** What time does to a host whose last worker is gone. */
async function abandon(id: string): Promise<void> {
  await db().$executeRaw`UPDATE snapshots SET lease_until = now() - interval '1 hour' WHERE id = ${id}::uuid`;
  await seen("1 hour");
}

const seen = (ago: string) =>
  db()
    .$executeRaw`UPDATE workers SET seen_at = now() - ${ago}::interval WHERE host_id = ${worker.hostId}::uuid`;

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);
const textsOf = async (id: string) =>
  (await readFrames(id, 0)).flatMap(({ lines }) => lines.map(({ text }) => text));
const openJobs = async (id: string) =>
  (await buildJobsOf(id)).filter(({ state }) => state === "created" || state === "active");

async function abandoned(): Promise<ClaimedSnapshot> {
  const claimed = await publishAndClaim();
  await finishBuildJobs(claimed.claim.snapshotId);
  await abandon(claimed.claim.snapshotId);
  return claimed;
}

describe("a build on a host without a worker", () => {
  it("begins again elsewhere as a new attempt, from the beginning, with a divider in the log", async () => {
    const claimed = await publishAndClaim();
    const id = claimed.claim.snapshotId;
    await finishBuildJobs(id);
    await writeLines(claimed, ["one", "two"]);
    await moveStep(claimed.claim, "base-image", { status: "done", layerId: "sha256:1" });
    await moveStep(claimed.claim, "setup", { status: "running", firstLine: 2 });
    await recordContainer(claimed.claim, "setup", "c");
    await captureImage(claimed.claim);
    await abandon(id);
    expect(await recoverLostSnapshots(onlooker.hostId)).toBe(1);
    const snapshot = await getSnapshot(id);
    expect(snapshot).toMatchObject({
      status: "queued",
      attempt: 1,
      image: null,
      worker: null,
      failure: null,
    });
    const steps = await db().snapshotStep.findMany({ where: { snapshotId: id } });
    for (const step of steps)
      expect(step).toMatchObject({ status: "pending", startedAt: null, containerId: null, layerId: null });
    expect(await textsOf(id)).toEqual([
      expect.stringMatching(/^Queued/),
      "one",
      "two",
      "",
      expect.stringMatching(/^──── Attempt 1 was lost: the host host-.* has no worker any more\. /),
    ]);
    expect(await openJobs(id)).toHaveLength(1);
    const again = await claimBuild(id, onlooker);
    expect(again).toMatchObject({ claim: { attempt: 2, fence: 2 }, log: { seq: 3, lines: 5 } });
    expect(await writeLines(again, ["three"])).toBe(true);
  });

  it("for the third time is a failure that says so, and leaves in service what served", async () => {
    const published = await publishReady(worker);
    const { snapshot } = await requestRefresh(published.profile.id);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await claimBuild(snapshot.id, worker);
      await abandon(snapshot.id);
      await recoverLostSnapshots(onlooker.hostId);
    }
    const end = await getSnapshot(snapshot.id);
    expect(end).toMatchObject({
      status: "failed",
      failure: { code: "worker_lost", step: null, exitCode: null },
    });
    expect(end.finishedAt).not.toBeNull();
    expect((await textsOf(end.id)).at(-1)).toBe(end.failure?.message);
    expect((await getSnapshot(published.snapshot.id)).serving).toBe(true);
  });

  it("that was asked to cancel is cancelled", async () => {
    const { claim } = await publishAndClaim();
    await cancelSnapshot(operator, claim.snapshotId);
    await abandon(claim.snapshotId);
    await recoverLostSnapshots(onlooker.hostId);
    const snapshot = await getSnapshot(claim.snapshotId);
    expect(snapshot).toMatchObject({ status: "cancelled", cancelRequestedBy: operator.name });
  });

  it("is settled once, however many look at it at the same time", async () => {
    const claimed = await Promise.all(Array.from({ length: 6 }, publishAndClaim));
    const ids = claimed.map(({ claim }) => claim.snapshotId);
    for (const id of ids) await finishBuildJobs(id);
    for (const id of ids) await abandon(id);
    const settled = await Promise.all(Array.from({ length: 5 }, () => recoverLostSnapshots(onlooker.hostId)));
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

  it("is left to its host's own workers while there are some, and for a while after", async () => {
    const { claim } = await abandoned();
    expect(await recoverLostSnapshots(worker.hostId)).toBe(0);
    await seen("5 seconds");
    expect(await recoverLostSnapshots(onlooker.hostId)).toBe(0);
    await db()
      .$executeRaw`UPDATE snapshots SET lease_until = now() - interval '5 seconds' WHERE id = ${claim.snapshotId}::uuid`;
    await seen("1 hour");
    expect(await recoverLostSnapshots(onlooker.hostId)).toBe(0);
    expect(await getSnapshot(claim.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
  });
});

describe("a queued snapshot whose job is gone", () => {
  const age = (id: string) =>
    db().$executeRaw`UPDATE snapshots SET queued_at = now() - interval '1 minute' WHERE id = ${id}::uuid`;

  it("gets one again, once", async () => {
    const { snapshot } = await publishProfile();
    await finishBuildJobs(snapshot.id);
    await age(snapshot.id);
    await Promise.all([
      recoverLostSnapshots(onlooker.hostId),
      recoverLostSnapshots(onlooker.hostId),
      recoverLostSnapshots(onlooker.hostId),
    ]);
    await recoverLostSnapshots(onlooker.hostId);
    expect(await openJobs(snapshot.id)).toHaveLength(1);
  });

  it("gets none while its job lives", async () => {
    const { snapshot } = await publishProfile();
    await age(snapshot.id);
    await recoverLostSnapshots(onlooker.hostId);
    await recoverLostSnapshots(onlooker.hostId);
    expect(await buildJobsOf(snapshot.id)).toHaveLength(1);
  });

  it("gets none while it is young: its job may be on its way", async () => {
    const { snapshot } = await publishProfile();
    await finishBuildJobs(snapshot.id);
    await recoverLostSnapshots(onlooker.hostId);
    expect(await openJobs(snapshot.id)).toHaveLength(0);
  });

  it("gets one after an attempt that was lost, too", async () => {
    const { claim } = await abandoned();
    await recoverLostSnapshots(onlooker.hostId);
    await finishBuildJobs(claim.snapshotId);
    await age(claim.snapshotId);
    await recoverLostSnapshots(onlooker.hostId);
    expect(await openJobs(claim.snapshotId)).toHaveLength(1);
    expect((await claimBuild(claim.snapshotId, worker)).claim.attempt).toBe(2);
  });
});
