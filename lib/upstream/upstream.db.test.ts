import { beforeAll, beforeEach, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { env } from "@/lib/env.server";
import { getVersion } from "@/lib/profiles/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { listQueue } from "@/lib/queue/queue.server";
import { refreshForReason } from "@/lib/schedules/reasons.server";
import { claimBuild, finishFailed, finishReady, publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { claimCheck, recordCheck } from "./check.server";
import { listStale, refreshStale } from "./stale.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  // Each test has what moves to itself.
  await db().profile.updateMany({ data: { archivedAt: new Date() } });
});

const nothing = { baseMoved: false, repositoriesMoved: [], error: null };
/** Its next look is due. */
const due = (profileId: string) =>
  db().$executeRaw`UPDATE snapshots SET upstream_at = now() WHERE profile_id = ${profileId}::uuid`;

async function look(profileId: string, found: Parameters<typeof recordCheck>[2]): Promise<string> {
  await due(profileId);
  const check = await claimCheck(worker);
  if (!check) throw new Error("Nothing was due.");
  await recordCheck(check.snapshotId, worker.id, found);
  return check.snapshotId;
}

it("is looked at when it is due, by one worker, and only what new sessions start from", async () => {
  const { profile } = await publishReady(worker);
  expect(await claimCheck(worker)).toBeNull();
  await db().$executeRaw`
    UPDATE snapshots SET finished_at = now() - make_interval(mins => ${env().KILN_UPSTREAM_MINUTES + 1}::int) WHERE profile_id = ${profile.id}::uuid`;
  const stranger = await makeWorker();
  expect(await claimCheck(stranger)).toBeNull();
  const claims = await Promise.all(Array.from({ length: 4 }, () => claimCheck(worker)));
  expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  await due(profile.id);
  await updateProfile(operator, profile.id, { archived: true });
  expect(await claimCheck(worker)).toBeNull();
});

it("since when it has moved stays; what nobody could say changes nothing; a late worker neither", async () => {
  const { profile } = await publishReady(worker);
  const drift = async () => (await getVersion(profile.slug, 1)).drift;
  const id = await look(profile.id, nothing);
  expect(await drift()).toMatchObject({ baseMovedAt: null, repositoryMovedAt: null, repositories: [] });
  await look(profile.id, { baseMoved: true, repositoriesMoved: ["https://example.com/a.git"], error: null });
  const moved = await drift();
  expect(moved?.baseMovedAt).toBeTruthy();
  expect(moved?.repositories).toEqual(["https://example.com/a.git"]);
  await look(profile.id, { baseMoved: null, repositoriesMoved: null, error: "No answer." });
  expect(await drift()).toEqual({ ...moved, checkedAt: expect.any(String), error: "No answer." });
  await recordCheck(id, worker.id, nothing);
  expect((await drift())?.baseMovedAt).toBe(moved?.baseMovedAt);
  await look(profile.id, nothing);
  expect(await drift()).toMatchObject({ baseMovedAt: null, repositoryMovedAt: null, error: null });
});

it.each([
  ["base_changed", { refreshOnBase: true }, { baseMoved: true, repositoriesMoved: [], error: null }],
  [
    "repository_changed",
    { refreshOnRepository: true },
    { baseMoved: false, repositoriesMoved: ["https://example.com/a.git"], error: null },
  ],
] as const)(
  "refreshes for %s where that is switched on: once, also when it fails",
  async (reason, on, found) => {
    const { profile } = await publishReady(worker);
    await look(profile.id, { ...found, repositoriesMoved: [...found.repositoriesMoved] });
    expect(await refreshForReason()).toBeNull();
    await updateProfile(operator, profile.id, on);
    expect(await refreshForReason()).toBe(reason);
    const queued = await db().snapshot.findFirstOrThrow({
      where: { profileId: profile.id, status: "queued" },
    });
    expect(queued.trigger).toBe(reason);
    const claimed = await claimBuild(queued.id, worker);
    expect(claimed.freshBase).toBe(reason === "base_changed" ? "must" : "no");
    await finishFailed(claimed);
    expect(await refreshForReason()).toBeNull();
  },
);

it("what is out of date is listed with its reasons, and refreshed behind what people wait for", async () => {
  const old = await publishReady(worker);
  await publishReady(worker);
  expect((await listStale()).items).toEqual([]);
  await look(old.profile.id, { baseMoved: true, repositoriesMoved: [], error: null });
  await db()
    .$executeRaw`UPDATE snapshots SET finished_at = now() - interval '31 days' WHERE profile_id = ${old.profile.id}::uuid`;
  const [stale, ...others] = (await listStale()).items;
  expect(others).toEqual([]);
  expect(stale).toMatchObject({ profile: { slug: old.profile.slug }, version: 1, refreshing: false });
  expect(stale?.reasons.map(({ kind }) => kind).sort()).toEqual(["age", "base_changed"]);
  expect(await refreshStale(operator)).toEqual({ queued: 1, joined: 0, left: 0 });
  expect(await refreshStale(operator)).toEqual({ queued: 0, joined: 0, left: 0 });
  expect((await listStale()).items).toMatchObject([{ refreshing: true }]);
  const { waiting } = await listQueue();
  expect(waiting.find(({ snapshot }) => snapshot.profile.slug === old.profile.slug)).toMatchObject({
    lane: "machines",
    snapshot: { trigger: "manual", requestedBy: operator.name },
  });
  const queued = await db().snapshot.findFirstOrThrow({
    where: { profileId: old.profile.id, status: "queued" },
  });
  const claimed = await claimBuild(queued.id, worker);
  expect(claimed.freshBase).toBe("try");
  await finishReady(claimed);
  expect((await listStale()).items).toEqual([]);
});
