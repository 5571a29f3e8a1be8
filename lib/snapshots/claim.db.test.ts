import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { keepLayer } from "@/lib/layers/store.server";
import { packLines } from "@/lib/logs/chunk";
import {
  captureImage,
  claimBuild,
  finishFailed,
  finishReady,
  publishReady,
  writeLines,
} from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { type ClaimedSnapshot, claimHolds, claimSnapshot, renewLeases } from "./claim.server";
import { type Ending, endSnapshot } from "./finish.server";
import { appendChunk, type Claim } from "./log-store.server";
import { beginAgain, disownImage, moveStep, recordBaseImage, recordContainer } from "./progress.server";
import { getSnapshot } from "./store.server";
import { readFrames } from "./stored-log.server";
import { releaseBuild, takeOverBuilds } from "./take-over.server";

useSuiteDatabase();
let worker: TestWorker;
let other: TestWorker;
/** Another one of the same host. */
let colleague: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
  other = await makeWorker();
  const second = await makeWorker();
  await db().worker.update({ where: { id: second.id }, data: { hostId: worker.hostId } });
  colleague = { ...second, hostId: worker.hostId };
});

const publishAndClaim = async () => claimBuild((await publishProfile()).snapshot.id, worker);

/** How long the lease still holds, by the database's clock. */
async function leaseSeconds(id: string): Promise<number | null> {
  const [row] = await db().$queryRaw<Array<{ left: number | null }>>`
    SELECT extract(epoch FROM lease_until - now())::float8 AS left FROM snapshots WHERE id = ${id}::uuid`;
  return row?.left ?? null;
}

describe("I3: the row decides who builds", () => {
  it("ten claims at once: one proceeds (F06)", async () => {
    const { snapshot } = await publishProfile();
    const workers = await Promise.all(Array.from({ length: 10 }, () => makeWorker()));
    const claims = await Promise.all(workers.map((each) => claimSnapshot(snapshot.id, each)));
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    const row = await db().snapshot.findUniqueOrThrow({ where: { id: snapshot.id } });
    expect(row).toMatchObject({ status: "running", attempt: 1, workerId: won[0]?.claim.workerId });
  });

  it("the same worker can't claim twice", async () => {
    const { claim } = await publishAndClaim();
    expect(await claimSnapshot(claim.snapshotId, worker)).toBeNull();
  });

  it.each([
    ["ready", finishReady],
    ["failed", finishFailed],
    [
      "cancelled",
      ({ claim }: ClaimedSnapshot) => endSnapshot({ claim }, { status: "cancelled", by: "x" }, []),
    ],
  ])("a redelivery finds a %s row and ends (F04)", async (status, finish) => {
    const claimed = await publishAndClaim();
    expect(await finish(claimed)).toBe(true);
    expect(await claimSnapshot(claimed.claim.snapshotId, other)).toBeNull();
    expect((await getSnapshot(claimed.claim.snapshotId)).status).toBe(status);
  });

  it("one that isn't there can't be claimed", async () => {
    expect(await claimSnapshot("0193a1b2-0000-7000-8000-0123456789ab", worker)).toBeNull();
  });

  it("tells what to build and where the log goes on", async () => {
    const { profile, snapshot } = await publishProfile({ baseImage: "alpine:3", setupScript: "true" });
    const claimed = await claimBuild(snapshot.id, worker);
    expect(claimed).toMatchObject({
      claim: { snapshotId: snapshot.id, workerId: worker.id, attempt: 1 },
      number: 1,
      version: 1,
      profile: { slug: profile.slug },
      spec: { baseImage: "alpine:3", setupScript: "true", network: "bridge" },
      log: { seq: 1, lines: 1 },
    });
    expect(await getSnapshot(snapshot.id)).toMatchObject({
      status: "running",
      attempt: 1,
      worker: worker.name,
      startedAt: expect.any(String),
    });
  });
});

describe("the lease", () => {
  it("begins with the claim and is renewed by a beat, by the database's clock", async () => {
    const { claim } = await publishAndClaim();
    const left = await leaseSeconds(claim.snapshotId);
    expect(left).toBeGreaterThan(env().KILN_LEASE_SECONDS / 2);
    expect(left).toBeLessThanOrEqual(env().KILN_LEASE_SECONDS);
    await db()
      .$executeRaw`UPDATE snapshots SET lease_until = now() + interval '1 second' WHERE id = ${claim.snapshotId}::uuid`;
    const held = await renewLeases(worker.id, [claim.snapshotId]);
    expect(held).toContainEqual({ id: claim.snapshotId, fence: 1, cancelRequestedBy: null });
    expect(await leaseSeconds(claim.snapshotId)).toBeGreaterThan(env().KILN_LEASE_SECONDS / 2);
  });

  it("is renewed for the worker's own running builds only", async () => {
    const mine = await publishAndClaim();
    const ended = await publishAndClaim();
    await finishFailed(ended);
    const theirs = await claimBuild((await publishProfile()).snapshot.id, other);
    const asked = [mine, ended, theirs].map(({ claim }) => claim.snapshotId);
    const ids = (await renewLeases(worker.id, asked)).map(({ id }) => id);
    expect(ids).toContain(mine.claim.snapshotId);
    expect(ids).not.toContain(ended.claim.snapshotId);
    expect(ids).not.toContain(theirs.claim.snapshotId);
  });

  it("ends with the build", async () => {
    const claimed = await publishAndClaim();
    await finishReady(claimed);
    expect(await leaseSeconds(claimed.claim.snapshotId)).toBeNull();
  });
});

describe("I4: a stale claimant can't write", () => {
  const failure = { code: "setup_failed" as const, message: "It failed.", step: "setup", exitCode: 1 };
  const endings: Ending[] = [
    { status: "ready" },
    { status: "failed", failure },
    { status: "cancelled", by: "x" },
  ];

  /** Everything that a build ever writes, with whether it was taken. */
  async function tryEverything(claim: Claim, seq: number): Promise<Record<string, boolean>> {
    const lines = [{ stream: "stdout" as const, at: Date.now(), text: "from the past" }];
    return {
      chunk: await appendChunk(claim, { seq, firstLine: seq, step: "setup", ...packLines(lines) }),
      step: await moveStep(claim, "setup", { status: "running", firstLine: 1 }),
      "base image": await recordBaseImage(claim, { id: "sha256:stale", digest: null }),
      container: await recordContainer(claim, "setup", "stale"),
      image: await captureImage(claim),
      ready: await endSnapshot({ claim }, endings[0] ?? { status: "ready" }, ["stale"]),
      failed: await endSnapshot({ claim }, endings[1] ?? { status: "ready" }, ["stale"]),
      cancelled: await endSnapshot({ claim }, endings[2] ?? { status: "ready" }, ["stale"]),
      "begin again": (await beginAgain(claim, null)) !== null,
      "kept layer": await keepLayer(claim, { hostId: worker.hostId, key: "k", imageId: "i", step: "setup" }),
      release: await releaseBuild(claim, "stale"),
      holds: await claimHolds(claim),
    };
  }

  const nothing = {
    chunk: false,
    step: false,
    "base image": false,
    container: false,
    image: false,
    ready: false,
    failed: false,
    cancelled: false,
    "begin again": false,
    "kept layer": false,
    release: false,
    holds: false,
  };

  /** All that there is to be seen of a snapshot. */
  async function everythingOf(id: string) {
    const [row, steps, chunks, version] = await Promise.all([
      db().snapshot.findUniqueOrThrow({ where: { id } }),
      db().snapshotStep.findMany({ where: { snapshotId: id }, orderBy: { position: "asc" } }),
      readFrames(id, 0),
      db().version.findFirstOrThrow({ where: { snapshots: { some: { id } } } }),
    ]);
    return { row, steps, chunks, serving: version.servingSnapshotId };
  }

  it("of another worker", async () => {
    const { claim } = await publishAndClaim();
    await captureImage(claim);
    const before = await everythingOf(claim.snapshotId);
    expect(await tryEverything({ ...claim, workerId: other.id }, 2)).toEqual(nothing);
    expect(await everythingOf(claim.snapshotId)).toEqual(before);
  });

  it.each(["another worker", "the same worker"])(
    "of an older claim, when %s has the newer one (F05)",
    async (who) => {
      const stale = await publishAndClaim();
      await releaseBuild(stale.claim, worker.name);
      const taken = await takeOverBuilds(who === "another worker" ? colleague : worker, "released");
      const fresh = taken.find(({ claim }) => claim.snapshotId === stale.claim.snapshotId);
      if (!fresh) throw new Error("nothing was taken over");
      expect(fresh.claim).toMatchObject({ attempt: 1, fence: 2 });
      await captureImage(fresh.claim);
      await writeLines(fresh, ["from the present"]);
      const before = await everythingOf(stale.claim.snapshotId);
      expect(await tryEverything(stale.claim, fresh.log.seq + 1)).toEqual(nothing);
      expect(await everythingOf(stale.claim.snapshotId)).toEqual(before);
      expect(await claimHolds(fresh.claim)).toBe(true);
    },
  );

  it("of a build that was let go of and waits", async () => {
    const { claim } = await publishAndClaim();
    await releaseBuild(claim, worker.name);
    const before = await everythingOf(claim.snapshotId);
    expect(await tryEverything(claim, before.row.logSeq + 1)).toEqual(nothing);
    expect(await everythingOf(claim.snapshotId)).toEqual(before);
  });

  it.each([0, 1, 2])("of a snapshot that has ended: case %d", async (index) => {
    const { claim } = await publishAndClaim();
    await captureImage(claim);
    expect(await endSnapshot({ claim }, endings[index] ?? { status: "ready" }, [])).toBe(true);
    const before = await everythingOf(claim.snapshotId);
    expect(await tryEverything(claim, before.row.logSeq + 1)).toEqual(nothing);
    expect(await everythingOf(claim.snapshotId)).toEqual(before);
  });
});

describe("the log's chunks", () => {
  it("are given one after the other: a gap and a double are refused", async () => {
    const claimed = await publishAndClaim();
    const lines = [{ stream: "stdout" as const, at: Date.now(), text: "x" }];
    const append = (seq: number) =>
      appendChunk(claimed.claim, { seq, firstLine: seq, step: "setup", ...packLines(lines) });
    expect(await append(3)).toBe(false);
    expect(await append(2)).toBe(true);
    expect(await append(4)).toBe(false);
    expect((await readFrames(claimed.claim.snapshotId, 0)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("can be sent again after an unknown outcome, and are there once (F15)", async () => {
    const claimed = await publishAndClaim();
    const lines = [{ stream: "stderr" as const, at: Date.now(), text: "once" }];
    const chunk = { seq: 2, firstLine: 2, step: "setup", ...packLines(lines) };
    expect(await appendChunk(claimed.claim, chunk)).toBe(true);
    expect(await appendChunk(claimed.claim, chunk)).toBe(true);
    const { log } = await getSnapshot(claimed.claim.snapshotId);
    expect(log).toMatchObject({ lines: 2, truncatedBytes: 0, lastLine: "once" });
  });

  it("sent twice at the same time are there once", async () => {
    const claimed = await publishAndClaim();
    const lines = [{ stream: "stdout" as const, at: Date.now(), text: "once" }];
    const chunk = { seq: 2, firstLine: 2, step: "setup", ...packLines(lines) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => appendChunk(claimed.claim, chunk)));
    expect(answers).toEqual(Array.from({ length: 8 }, () => true));
    expect((await getSnapshot(claimed.claim.snapshotId)).log.lines).toBe(2);
  });

  it("move the snapshot's counters", async () => {
    const claimed = await publishAndClaim();
    const before = (await getSnapshot(claimed.claim.snapshotId)).log;
    await writeLines(claimed, ["a", "日本"]);
    await writeLines(claimed, [`${"x".repeat(299)}😀`]);
    expect((await getSnapshot(claimed.claim.snapshotId)).log).toMatchObject({
      lines: before.lines + 3,
      bytes: before.bytes + 2 + 7 + 304,
      lastLine: `${"x".repeat(299)}\uFFFD`,
    });
  });

  it("keep what is in them", async () => {
    const claimed = await publishAndClaim();
    const texts = ["", " ", "\0", "\uFEFFbom", "\x1b[31mred\x1b[0m", "x".repeat(16_384), "😀"];
    await writeLines(claimed, texts);
    const [, frame] = await readFrames(claimed.claim.snapshotId, 0);
    expect(frame?.lines.map(({ text }) => text)).toEqual(texts);
    expect(frame?.lines.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("disownImage", () => {
  it.each(["failed", "cancelled"] as const)("lets go of the image of a %s snapshot", async (status) => {
    const { claim } = await publishAndClaim();
    await captureImage(claim);
    const { image } = await getSnapshot(claim.snapshotId);
    await endSnapshot(
      { claim },
      status === "failed"
        ? { status, failure: { code: "internal", message: "x", step: null, exitCode: null } }
        : { status, by: "x" },
      [],
    );
    expect(await disownImage(claim, image?.id ?? "")).toBe(true);
    expect((await getSnapshot(claim.snapshotId)).image).toBeNull();
  });

  it("never lets go of the image of a snapshot that became ready, though its worker doesn't know (F15)", async () => {
    const published = await publishReady(worker);
    const ready = await getSnapshot(published.snapshot.id);
    const claim = { snapshotId: ready.id, workerId: worker.id, attempt: ready.attempt, fence: 1 };
    expect(await disownImage(claim, ready.image?.id ?? "")).toBe(false);
    expect((await getSnapshot(ready.id)).image).toEqual(ready.image);
  });

  it("doesn't let go of the image of a build that still runs", async () => {
    const { claim } = await publishAndClaim();
    await captureImage(claim);
    const { image } = await getSnapshot(claim.snapshotId);
    expect(await disownImage(claim, image?.id ?? "")).toBe(false);
    expect((await getSnapshot(claim.snapshotId)).image).toEqual(image);
  });

  it("knows that the image of a claim that is over is nobody's", async () => {
    const { claim } = await publishAndClaim();
    await captureImage(claim);
    const { image } = await getSnapshot(claim.snapshotId);
    await releaseBuild(claim, worker.name);
    const taken = await takeOverBuilds(colleague, "released");
    for (const fresh of taken) await captureImage(fresh.claim);
    expect(await disownImage(claim, image?.id ?? "")).toBe(true);
    expect((await getSnapshot(claim.snapshotId)).image).not.toBeNull();
  });
});
