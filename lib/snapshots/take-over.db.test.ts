/** Builds that change hands: one of many gets each, nothing that is done is lost, and it ends in the end. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { captureImage, claimBuild, finishReady, writeLines } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { cancelSnapshot } from "./cancel.server";
import { type ClaimedSnapshot, claimHolds } from "./claim.server";
import { beginAgain, countStoredOutput, moveStep, recordBaseImage, recordContainer } from "./progress.server";
import { getSnapshot } from "./store.server";
import { readFrames } from "./stored-log.server";
import { releaseBuild, takeOverBuilds } from "./take-over.server";

useSuiteDatabase();
let worker: TestWorker;
let colleague: TestWorker;
let stranger: TestWorker;
beforeAll(async () => {
  [worker, colleague, stranger] = await Promise.all([makeWorker(), makeWorker(), makeWorker()]);
  await db().worker.update({ where: { id: colleague.id }, data: { hostId: worker.hostId } });
  colleague = { ...colleague, hostId: worker.hostId };
});

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);
const expireLease = (id: string) =>
  db().$executeRaw`UPDATE snapshots SET lease_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
const textsOf = async (id: string) =>
  (await readFrames(id, 0)).flatMap(({ lines }) => lines.map(({ text }) => text));

async function takenBy(who: TestWorker, which: "all" | "released" = "all"): Promise<ClaimedSnapshot> {
  const [taken] = await takeOverBuilds(who, which);
  if (!taken) throw new Error("Nothing was taken over.");
  return taken;
}

describe("a build whose worker is lost", () => {
  it("is gone on with as the same attempt: all that is done of it is at hand (F01)", async () => {
    const claimed = await publishAndClaim();
    const { claim } = claimed;
    await recordBaseImage(claim, { id: "sha256:base", digest: null });
    await moveStep(claim, "base-image", { status: "running", firstLine: 2 });
    await moveStep(claim, "base-image", { status: "done" });
    await moveStep(claim, "setup", { status: "running", firstLine: 3 });
    await recordContainer(claim, "setup", "container-1");
    await writeLines(claimed, ["one", "two"]);
    await captureImage(claim);
    await expireLease(claim.snapshotId);
    const taken = await takenBy(colleague);
    expect(taken.claim).toEqual({ ...claim, workerId: colleague.id, fence: 2 });
    expect(taken.log).toEqual({ seq: 3, lines: 4, bytes: expect.any(Number) });
    expect(taken.progress).toMatchObject({
      baseImageId: "sha256:base",
      image: { reference: expect.any(String) },
    });
    expect(taken.progress.steps).toContainEqual({
      name: "setup",
      status: "running",
      containerId: "container-1",
      layerId: null,
      elapsedMs: expect.any(Number),
    });
    expect(await countStoredOutput(taken.claim, "setup")).toEqual({
      stdout: { lines: 2, first: "one" },
      stderr: { lines: 0, first: null },
    });
    expect(await getSnapshot(claim.snapshotId)).toMatchObject({ status: "running", attempt: 1 });
    expect((await textsOf(claim.snapshotId)).at(-1)).toBe(
      `──── The worker ${worker.name} stopped answering. ${colleague.name} goes on with this build. ────`,
    );
    expect([await claimHolds(claim), await claimHolds(taken.claim)]).toEqual([false, true]);
  });

  it("isn't taken while its lease holds, nor by another host, nor by one that takes only what was let go of", async () => {
    const { claim } = await publishAndClaim();
    expect(await takeOverBuilds(colleague, "all")).toEqual([]);
    await expireLease(claim.snapshotId);
    expect(await takeOverBuilds(stranger, "all")).toEqual([]);
    expect(await takeOverBuilds(colleague, "released")).toEqual([]);
    expect(await takeOverBuilds(colleague, "all")).toHaveLength(1);
  });

  it("is taken once, however many try", async () => {
    const claimed = await Promise.all(Array.from({ length: 6 }, publishAndClaim));
    for (const { claim } of claimed) await expireLease(claim.snapshotId);
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeOverBuilds(colleague, "all")));
    expect(
      taken
        .flat()
        .map(({ claim }) => claim.snapshotId)
        .toSorted(),
    ).toEqual(claimed.map(({ claim }) => claim.snapshotId).toSorted());
  });

  it("and its worker, which isn't dead but slow, end it once between them", async () => {
    for (let round = 0; round < 10; round += 1) {
      const claimed = await publishAndClaim();
      await captureImage(claimed.claim);
      await expireLease(claimed.claim.snapshotId);
      const [ready, taken] = await Promise.all([finishReady(claimed), takeOverBuilds(colleague, "all")]);
      expect([ready, taken.length]).toEqual(ready ? [true, 0] : [false, 1]);
      for (const one of taken) expect(await finishReady(one)).toBe(true);
      expect(await getSnapshot(claimed.claim.snapshotId)).toMatchObject({ status: "ready", serving: true });
    }
  });

  it("ends in the end: the sixth loss is a failure that says so", async () => {
    const { claim } = await publishAndClaim();
    for (let loss = 1; loss <= 5; loss += 1) {
      await expireLease(claim.snapshotId);
      await takenBy(loss % 2 === 0 ? worker : colleague);
    }
    await expireLease(claim.snapshotId);
    expect(await takeOverBuilds(worker, "all")).toEqual([]);
    const end = await getSnapshot(claim.snapshotId);
    expect(end).toMatchObject({ status: "failed", failure: { code: "worker_lost" } });
    expect((await textsOf(end.id)).at(-1)).toBe(end.failure?.message);
  });

  it("counts anew when a step was done: a long build outlives more workers than a stuck one", async () => {
    let { claim } = await publishAndClaim();
    const lose = async () => {
      await expireLease(claim.snapshotId);
      ({ claim } = await takenBy(colleague));
    };
    for (let loss = 1; loss <= 5; loss += 1) await lose();
    expect(await moveStep(claim, "base-image", { status: "done" })).toBe(true);
    for (let loss = 1; loss <= 5; loss += 1) await lose();
    // The same step again is no progress.
    expect(await moveStep(claim, "base-image", { status: "done" })).toBe(true);
    await expireLease(claim.snapshotId);
    expect(await takeOverBuilds(worker, "all")).toEqual([]);
  });
});

describe("a build that a leaving worker lets go of", () => {
  it("waits for the next one as it is, and that isn't counted (F23)", async () => {
    const { claim } = await publishAndClaim();
    expect(await releaseBuild(claim, worker.name)).toBe(true);
    expect(await releaseBuild(claim, worker.name)).toBe(false);
    const row = await db().snapshot.findUniqueOrThrow({ where: { id: claim.snapshotId } });
    expect(row).toMatchObject({ status: "running", attempt: 1, losses: 0, takeovers: 0, workerId: null });
    expect((await textsOf(row.id)).at(-1)).toContain(`The worker ${worker.name} is shutting down`);
    const taken = await takenBy(colleague, "released");
    expect(taken.claim).toEqual({ ...claim, workerId: colleague.id, fence: 2 });
    expect(await db().snapshot.findUniqueOrThrow({ where: { id: row.id } })).toMatchObject({ takeovers: 0 });
  });

  it("may be handed on as often as there are deployments", async () => {
    let { claim } = await publishAndClaim();
    for (let round = 0; round < 12; round += 1) {
      await releaseBuild(claim, worker.name);
      ({ claim } = await takenBy(worker, "released"));
    }
    expect(claim).toMatchObject({ attempt: 1, fence: 13 });
  });

  it("keeps a cancellation for whoever takes it", async () => {
    const { claim } = await publishAndClaim();
    await cancelSnapshot(operator, claim.snapshotId);
    await releaseBuild(claim, worker.name);
    await takenBy(colleague, "released");
    expect(await getSnapshot(claim.snapshotId)).toMatchObject({
      status: "running",
      cancelRequestedBy: operator.name,
    });
  });
});

describe("a step that was lost", () => {
  it("is begun again, with what is done before it; twice, and no more", async () => {
    const claimed = await publishAndClaim();
    let { claim } = claimed;
    await moveStep(claim, "base-image", { status: "done" });
    await moveStep(claim, "files", { status: "done", layerId: "sha256:files" });
    await moveStep(claim, "setup", { status: "running", firstLine: 2 });
    await recordContainer(claim, "setup", "gone");
    await writeLines(claimed, ["of the first attempt"]);
    for (const attempt of [2, 3]) {
      expect(await beginAgain(claim, "setup")).toBe(attempt);
      // The answer was lost: asked again, it says the same (F15).
      expect(await beginAgain(claim, "setup")).toBe(attempt);
      claim = { ...claim, attempt };
      const steps = await db().snapshotStep.findMany({ where: { snapshotId: claim.snapshotId } });
      const byName = new Map(steps.map((step) => [step.name, step]));
      expect(byName.get("files")).toMatchObject({ status: "done", layerId: "sha256:files" });
      expect(byName.get("setup")).toMatchObject({ status: "pending", containerId: null, startedAt: null });
      expect(await countStoredOutput(claim, "setup")).toMatchObject({ stdout: { lines: 0 } });
    }
    expect(await beginAgain(claim, "setup")).toBeNull();
  });

  it("may be all of them", async () => {
    const { claim } = await publishAndClaim();
    await moveStep(claim, "base-image", { status: "done" });
    await captureImage(claim);
    expect(await beginAgain(claim, null)).toBe(2);
    const steps = await db().snapshotStep.findMany({ where: { snapshotId: claim.snapshotId } });
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(["pending"]));
    expect((await getSnapshot(claim.snapshotId)).image).toBeNull();
  });
});
