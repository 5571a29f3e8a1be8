import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { getVersion, listVersions } from "@/lib/profiles/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { claimBuild, finishReady, publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { type Published, publishNext } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { setBlackouts } from "./blackout.server";
import { calendarOf } from "./calendar.server";
import { estimatesOf } from "./estimates.server";
import { putSchedule } from "./store.server";
import { HOUR, startOfDay } from "./zone";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  await db().schedule.deleteMany();
  await setBlackouts(operator, []);
});

const every = [1, 2, 3, 4, 5, 6, 7];
const put = ({ profile }: Published, cron: string, enabled = true, number = 1) =>
  putSchedule(operator, profile.slug, number, { cron, timezone: "UTC", enabled });

/** A version whose last builds took this long. */
async function takes(seconds: number): Promise<Published> {
  const published = await publishReady(worker);
  await db().$executeRaw`
    UPDATE snapshots SET started_at = finished_at - make_interval(secs => ${seconds}::float8) WHERE id = ${published.snapshot.id}::uuid`;
  return published;
}
const runsOf = async ({ profile }: Published) =>
  (await calendarOf("UTC")).runs.filter((run) => run.profile.slug === profile.slug);

describe("the calendar", () => {
  it("has the next seven days' runs, when each is ready, and the load of each hour", async () => {
    const [nightly, hourly] = [await takes(600), await takes(1_200)];
    await put(nightly, "0 3 * * *");
    await put(hourly, "0 * * * *");
    const { from, to, slots, hours, runs, leftOut } = await calendarOf("UTC");
    expect(Date.parse(from)).toBe(startOfDay("UTC", Date.now()));
    expect(Date.parse(to) - Date.parse(from)).toBe(168 * HOUR);
    expect(hours).toHaveLength(168);
    expect(slots).toBeGreaterThanOrEqual(1);
    expect(leftOut).toEqual({ runs: 0, schedules: 0, from: null });
    const nights = runs.filter(({ profile }) => profile.slug === nightly.profile.slug);
    expect(nights.length).toBeGreaterThanOrEqual(6);
    for (const { dueAt, startsAt, readyAt, version, blackout } of nights) {
      expect(dueAt).toMatch(/T03:00:00.000Z$/);
      expect(Date.parse(startsAt) - Date.parse(dueAt)).toBeLessThan(30_000);
      expect(Date.parse(readyAt ?? "") - Date.parse(startsAt)).toBe(600_000);
      expect({ version, blackout }).toEqual({ version: 1, blackout: null });
    }
    const last = hours.at(-1);
    expect(last).toMatchObject({ runs: 1, blackout: null });
    expect(last?.busy).toBeCloseTo(1 / 3 / slots, 2);
    const three = hours.findLast(({ at }) => at.endsWith("T03:00:00.000Z"));
    expect(three?.runs).toBe(2);
  });

  it("leaves out what starts nothing", async () => {
    const [off, paused, archived, superseded] = [
      await publishReady(worker),
      await publishReady(worker),
      await publishReady(worker),
      await publishReady(worker),
    ];
    await put(off, "0 * * * *", false);
    for (const published of [paused, archived, superseded]) await put(published, "0 * * * *");
    await db().schedule.update({
      where: { versionId: paused.version.id },
      data: { pausedReason: "6 failed." },
    });
    await updateProfile(operator, archived.profile.id, { archived: true });
    const next = await publishNext(superseded.profile.id);
    await finishReady(await claimBuild(next.snapshot.id, worker));
    expect((await calendarOf("UTC")).runs).toEqual([]);
    expect((await getVersion(superseded.profile.slug, 1)).schedule?.next).toBeNull();
    expect((await getVersion(off.profile.slug, 1)).schedule?.next).toBeNull();
  });

  it("puts off what falls into a blackout, once for all that do", async () => {
    const published = await takes(60);
    await put(published, "0 * * * *");
    const office = { days: every, from: "08:30", to: "18:30", timezone: "UTC", reason: "office hours" };
    await setBlackouts(operator, [office]);
    const runs = await runsOf(published);
    const clock = (at: string) => at.slice(11, 16);
    const putOff = runs.filter(({ blackout }) => blackout !== null);
    expect(putOff.length).toBeGreaterThanOrEqual(6);
    for (const { startsAt, blackout } of putOff) {
      expect(clock(startsAt)).toBe("18:30");
      expect(blackout).toBe("Blackout until 18:30 (UTC): office hours");
    }
    expect(runs.every(({ startsAt }) => clock(startsAt) <= "08:00" || clock(startsAt) >= "18:30")).toBe(true);
    const { hours } = await calendarOf("UTC");
    const held = hours.filter(({ blackout }) => blackout === "office hours");
    expect(held).toHaveLength(7 * 11);
    expect((await calendarOf("Asia/Kolkata")).from).toMatch(/T18:30:00.000Z$/);
  });
});

describe("how long a version takes", () => {
  it("is the median of its own builds, else its profile's, else all", async () => {
    await db()
      .$executeRaw`UPDATE snapshots SET started_at = finished_at - interval '33 seconds' WHERE finished_at IS NOT NULL`;
    const published = await takes(120);
    const next = await publishNext(published.profile.id);
    const other = await publishNext((await publishReady(worker)).profile.id);
    await db()
      .$executeRaw`UPDATE snapshots SET started_at = NULL WHERE profile_id = ${other.snapshot.profileId}::uuid`;
    const estimates = await estimatesOf([published.version.id, next.version.id, other.version.id]);
    expect(estimates.get(published.version.id)).toEqual({ seconds: 120, rests: false });
    expect(estimates.get(next.version.id)).toEqual({ seconds: 120, rests: false });
    expect(estimates.get(other.version.id)?.seconds).toBe(33);
  });

  it("stands with the next refresh of each version", async () => {
    const published = await takes(240);
    await put(published, "0 3 * * *");
    const { items } = await listVersions(published.profile.slug, { limit: 10 });
    const next = items[0]?.schedule?.next;
    expect(next?.startsAt).toMatch(/T03:00:00.000Z$/);
    expect(next?.readyAt).toMatch(/T03:04:00.000Z$/);
    const night = { days: every, from: "02:00", to: "05:00", timezone: "UTC", reason: "backups" };
    await setBlackouts(operator, [night]);
    expect((await getVersion(published.profile.slug, 1)).schedule?.next).toMatchObject({
      startsAt: expect.stringMatching(/T05:00:00.000Z$/),
      readyAt: expect.stringMatching(/T05:04:00.000Z$/),
      blackout: "Blackout until 05:00 (UTC): backups",
    });
  });
});
