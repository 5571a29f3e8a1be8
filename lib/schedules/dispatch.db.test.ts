import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { systemActor } from "@/lib/users/roles";
import {
  claimBuild,
  claimRefresh,
  finishFailed,
  finishReady,
  publishReady,
  requestRefresh,
} from "@/prisma/factories/builds";
import { buildJobsOf } from "@/prisma/factories/jobs";
import { operator } from "@/prisma/factories/people";
import { type Published, publishNext, publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { setBackground } from "./background.server";
import { dispatchNext } from "./dispatch.server";
import { deleteSchedule, getSchedule, listRuns, putSchedule } from "./store.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  // Each test has what is due to itself, and a fresh minute.
  await db().schedule.deleteMany();
  await db().scheduleRun.deleteMany();
});

const nightly = { cron: "0 3 * * *", timezone: "UTC", enabled: true };
const schedule = ({ profile }: Published, number = 1, cron = nightly.cron) =>
  putSchedule(operator, profile.slug, number, { ...nightly, cron });

/** As if a schedule's time had come this long ago. */
const comeDue = ({ profile }: Published, ago = "1 second") =>
  db().$executeRaw`
    UPDATE schedules s SET due_at = now() - ${ago}::interval, run_at = now() - ${ago}::interval
    FROM versions v WHERE v.id = s.version_id AND v.profile_id = ${profile.id}::uuid`;
const runsOf = async ({ profile }: Published, number = 1) =>
  (await listRuns(profile.slug, number, { limit: 50 })).items;

async function dispatchAll(): Promise<number> {
  let count = 0;
  while (await dispatchNext()) count += 1;
  return count;
}

/** It comes due and is settled. @returns how. */
async function dueOnce(published: Published, number = 1): Promise<string | undefined> {
  await comeDue(published);
  await dispatchAll();
  return (await runsOf(published, number))[0]?.outcome;
}

/** Its newest snapshot is built, and fails. */
async function fail({ profile }: Published): Promise<void> {
  const { id } = await db().snapshot.findFirstOrThrow({ where: { profileId: profile.id, status: "queued" } });
  await finishFailed(await claimBuild(id, worker));
}

describe("what is due", () => {
  it("is started once, recorded, and due again at its next time", async () => {
    const published = await publishReady(worker);
    await schedule(published);
    expect(await dispatchAll()).toBe(0);
    await comeDue(published);
    expect(await dispatchAll()).toBe(1);
    expect(await dispatchAll()).toBe(0);
    const [run, ...others] = await runsOf(published);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ outcome: "ran", reason: "", snapshot: { number: 2, status: "queued" } });
    expect(await db().snapshot.findUniqueOrThrow({ where: { id: run?.snapshot?.id ?? "" } })).toMatchObject({
      trigger: "schedule",
      mode: "full",
      requestedByName: systemActor.name,
    });
    const { nextRuns } = await getSchedule(published.profile.slug, 1);
    expect(nextRuns).toHaveLength(5);
    expect(nextRuns.every((at) => at.endsWith("T03:00:00.000Z"))).toBe(true);
  });

  it("joins a snapshot that is on its way", async () => {
    const published = await publishProfile();
    await schedule(published);
    expect(await dueOnce(published)).toBe("joined");
    expect(await runsOf(published)).toMatchObject([
      { snapshot: { number: 1 }, reason: "Snapshot #1 was on its way." },
    ]);
  });

  it("was missed for a day while no worker was there: once, and the record says for how many it stands", async () => {
    const published = await publishReady(worker);
    await schedule(published, 1, "0 * * * *");
    await comeDue(published, "1 day");
    expect(await dispatchAll()).toBe(1);
    expect(await runsOf(published)).toMatchObject([
      { outcome: "ran", reason: "Stands for 24 later times, too: no worker was there." },
    ]);
    expect(await db().snapshot.count({ where: { profileId: published.profile.id, status: "queued" } })).toBe(
      1,
    );
  });

  it("that is switched off isn't", async () => {
    const published = await publishReady(worker);
    await putSchedule(operator, published.profile.slug, 1, { ...nightly, enabled: false });
    await comeDue(published);
    expect(await dispatchAll()).toBe(0);
    expect(await getSchedule(published.profile.slug, 1)).toMatchObject({ enabled: false, nextRuns: [] });
  });
});

it("two dispatchers and a thousand that are due: each exactly once", { timeout: 240_000 }, async () => {
  const published = await publishReady(worker);
  const { id: profileId } = published.profile;
  const spec = published.version.spec;
  await db().$executeRaw`
    WITH made AS (
      INSERT INTO versions (id, profile_id, state, number, spec)
      SELECT gen_random_uuid(), ${profileId}::uuid, 'published', n, ${JSON.stringify(spec)}::jsonb FROM generate_series(2, 1001) n RETURNING id)
    INSERT INTO schedules (id, version_id, cron, timezone, due_at, run_at)
    SELECT gen_random_uuid(), id, '0 3 * * *', 'UTC', now() - interval '1 minute', now() - interval '1 minute' FROM made`;
  // A minute takes only so many: as if it was long ago that those before were started.
  const forget = () =>
    db()
      .$executeRaw`UPDATE schedule_runs SET at = at - interval '2 minutes' WHERE at > now() - interval '1 minute'`;
  const one = async () => {
    for (let idle = 0; idle < 5; ) {
      if (await dispatchNext()) idle = 0;
      else {
        idle += 1;
        await forget();
      }
    }
  };
  await Promise.all([one(), one()]);
  const runs = await db().scheduleRun.findMany({ where: { version: { profileId, number: { gt: 1 } } } });
  expect(runs).toHaveLength(1_000);
  expect(new Set(runs.map(({ versionId }) => versionId)).size).toBe(1_000);
  expect(runs.every(({ outcome }) => outcome === "ran")).toBe(true);
  expect(await db().snapshot.count({ where: { profileId, trigger: "schedule" } })).toBe(1_000);
});

it("no more are started within a minute than are allowed", async () => {
  const many = await Promise.all(Array.from({ length: 22 }, () => publishReady(worker)));
  for (const published of many) {
    await schedule(published);
    await comeDue(published);
  }
  expect(await dispatchAll()).toBe(20);
  expect(await dispatchAll()).toBe(0);
  await db().$executeRaw`UPDATE schedule_runs SET at = at - interval '2 minutes'`;
  expect(await dispatchAll()).toBe(2);
});

describe("what is left out, with its reason", () => {
  it("a version after which a newer one serves; not one whose newer one doesn't yet", async () => {
    const published = await publishReady(worker);
    await schedule(published);
    const next = await publishNext(published.profile.id);
    expect(await dueOnce(published)).toBe("ran");
    await finishReady(await claimBuild(next.snapshot.id, worker));
    expect(await dueOnce(published)).toBe("skipped");
    expect((await runsOf(published))[0]).toMatchObject({ reason: "New sessions start from version 2." });
  });

  it("an archived profile's", async () => {
    const published = await publishReady(worker);
    await schedule(published);
    await updateProfile(operator, published.profile.id, { archived: true });
    expect(await dueOnce(published)).toBe("skipped");
    expect((await runsOf(published))[0]).toMatchObject({ reason: "The profile is archived." });
  });

  it("all, while background refreshes are paused; what a person asks for is built", async () => {
    const published = await publishReady(worker);
    await schedule(published);
    const reason = "the mirror is down";
    expect(await setBackground(operator, { paused: true, reason })).toMatchObject({
      paused: true,
      by: operator.name,
      reason,
    });
    expect(await dueOnce(published)).toBe("skipped");
    expect((await runsOf(published))[0]?.reason).toContain(reason);
    expect(await requestRefresh(published.profile.id)).toMatchObject({ joined: false });
    expect(await setBackground(operator, { paused: false, reason: "" })).toMatchObject({
      paused: false,
      by: null,
    });
    expect(await dueOnce(published)).toBe("joined");
  });

  it("after three failures in a row some, after six all, until a person resumes it", async () => {
    const published = await publishReady(worker);
    const { slug } = published.profile;
    await schedule(published);
    const outcomes: Array<string | undefined> = [];
    for (let each = 0; each < 16; each += 1) {
      const outcome = await dueOnce(published);
      outcomes.push(outcome);
      if (outcome === "ran") await fail(published);
    }
    expect(outcomes.map((outcome) => (outcome === "ran" ? "r" : "s")).join("")).toBe("rrrsrsssrsssssss");
    expect(await dueOnce(published)).toBe("ran");
    await fail(published);
    expect(await dueOnce(published)).toBe("skipped");
    const paused = await getSchedule(slug, 1);
    expect(paused).toMatchObject({
      pausedReason: expect.stringContaining("6 refreshes in a row failed"),
      nextRuns: [],
    });
    await comeDue(published);
    expect(await dispatchAll()).toBe(0);
    // What works is in use all the while.
    expect(
      (await db().version.findFirstOrThrow({ where: { id: published.version.id } })).servingSnapshotId,
    ).toBe(published.snapshot.id);
    expect(await putSchedule(operator, slug, 1, nightly)).toMatchObject({ pausedReason: null });
    expect(await dueOnce(published)).toBe("ran");
  });
});

it("a new version gets the schedule that its profile has for later ones", async () => {
  const published = await publishReady(worker);
  const { slug } = published.profile;
  await putSchedule(operator, slug, 1, { ...nightly, timezone: "Europe/Berlin", forLaterVersions: true });
  const { version } = await publishNext(published.profile.id);
  expect(version.schedule).toMatchObject({
    cron: "0 3 * * *",
    timezone: "Europe/Berlin",
    forLaterVersions: true,
  });
  await putSchedule(operator, slug, 2, { ...nightly, forLaterVersions: false });
  expect((await publishNext(published.profile.id)).version.schedule).toBeNull();
  // What another version handed on stays.
  await putSchedule(operator, slug, 1, { ...nightly, cron: "0 5 * * *", forLaterVersions: true });
  await putSchedule(operator, slug, 2, { ...nightly, forLaterVersions: false });
  await deleteSchedule(operator, slug, 2);
  expect((await publishNext(published.profile.id)).version.schedule).toMatchObject({ cron: "0 5 * * *" });
});

it("people come before machines, also when they join what a schedule asked for", async () => {
  const [byMachine, byPerson] = [await publishReady(worker), await publishReady(worker)];
  await schedule(byMachine);
  expect(await dueOnce(byMachine)).toBe("ran");
  const scheduled = (await runsOf(byMachine))[0]?.snapshot?.id ?? "";
  const { snapshot } = await requestRefresh(byPerson.profile.id);
  const priority = async (id: string) => (await buildJobsOf(id))[0]?.priority;
  expect(await priority(snapshot.id)).toBeGreaterThan((await priority(scheduled)) ?? 0);
  expect(await requestRefresh(byMachine.profile.id)).toMatchObject({ joined: true });
  expect(await priority(scheduled)).toBe(await priority(snapshot.id));
});

it("one that can't be settled doesn't stand in the way of the others", async () => {
  const [broken, fine] = [await publishReady(worker), await publishReady(worker)];
  for (const published of [broken, fine]) await schedule(published);
  await comeDue(broken, "1 hour");
  await comeDue(fine);
  await db().$executeRaw`
    UPDATE schedules s SET cron = 'nonsense' FROM versions v WHERE v.id = s.version_id AND v.profile_id = ${broken.profile.id}::uuid`;
  expect(await dispatchNext()).toBeNull();
  expect(await dispatchAll()).toBe(1);
  expect(await runsOf(fine)).toHaveLength(1);
  expect(await runsOf(broken)).toEqual([]);
  await claimRefresh(broken, worker);
});
