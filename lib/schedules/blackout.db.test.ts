import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { publishReady, requestRefresh } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import type { Published } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { addBlackout, blackoutNow, getBlackouts, removeBlackout, setBlackouts } from "./blackout.server";
import { dispatchNext } from "./dispatch.server";
import { spreadOf } from "./policy";
import { refreshForReason } from "./reasons.server";
import { listRuns, putSchedule } from "./store.server";
import type { BlackoutWindow } from "./wire";
import { HOUR, MINUTE } from "./zone";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});
beforeEach(async () => {
  await db().schedule.deleteMany();
  await db().scheduleRun.deleteMany();
  await setBlackouts(operator, []);
});

/** From one moment to another of every day, by their distance from now in minutes. */
function around(from: number, to: number, reason = "office hours"): BlackoutWindow {
  const clock = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString().slice(11, 16);
  return { days: [1, 2, 3, 4, 5, 6, 7], from: clock(from), to: clock(to), timezone: "UTC", reason };
}

async function scheduled(): Promise<Published> {
  const published = await publishReady(worker);
  await putSchedule(operator, published.profile.slug, 1, {
    ...{ cron: "*/30 * * * *", timezone: "UTC", enabled: true },
  });
  return published;
}
const comeDue = ({ profile }: Published, minutes = 0) =>
  db().$executeRaw`
    UPDATE schedules s SET due_at = now() - make_interval(mins => ${minutes}::int), run_at = now() - make_interval(mins => ${minutes}::int)
    FROM versions v WHERE v.id = s.version_id AND v.profile_id = ${profile.id}::uuid`;
const rowOf = ({ version }: Published) =>
  db().schedule.findUniqueOrThrow({ where: { versionId: version.id } });
const runsOf = async ({ profile }: Published) => (await listRuns(profile.slug, 1, { limit: 50 })).items;

describe("what is due in a blackout", () => {
  it("is put off to its end, without a record, and stays due", async () => {
    const published = await scheduled();
    await setBlackouts(operator, [around(-60, 60)]);
    const { now } = await getBlackouts();
    expect(now).toMatchObject({ reason: "office hours" });
    await comeDue(published);
    const { dueAt } = await rowOf(published);
    expect(await dispatchNext()).toMatchObject({ outcome: "putOff" });
    expect(await dispatchNext()).toBeNull();
    expect(await runsOf(published)).toEqual([]);
    const row = await rowOf(published);
    expect(row.dueAt).toEqual(dueAt);
    expect(row.runAt?.getTime()).toBe(Date.parse(now?.until ?? "") + spreadOf(published.version.id));
  });

  it("is started once when it is over, for all times that were left out", async () => {
    const published = await scheduled();
    await setBlackouts(operator, [around(-180, -2)]);
    await comeDue(published, 65);
    expect(await dispatchNext()).toMatchObject({ outcome: "ran" });
    expect(await dispatchNext()).toBeNull();
    const [run, ...others] = await runsOf(published);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ outcome: "ran" });
    expect(run?.reason).toMatch(
      /^Put off by a blackout \(office hours\)\. Stands for [23] later times, too\.$/,
    );
  });

  it("is started at once when the blackout is taken away, and put off further when another one holds", async () => {
    const published = await scheduled();
    const [short, long] = [around(-60, 60), around(-60, 120, "the release")];
    await setBlackouts(operator, [short]);
    await comeDue(published);
    expect(await dispatchNext()).toMatchObject({ outcome: "putOff" });
    await addBlackout(operator, long);
    expect(await dispatchNext()).toMatchObject({ outcome: "putOff" });
    const { runAt } = await rowOf(published);
    expect(runAt?.getTime()).toBeGreaterThan(Date.now() + HOUR + MINUTE);
    await removeBlackout(operator, short);
    await removeBlackout(operator, long);
    expect(await dispatchNext()).toMatchObject({ outcome: "ran" });
  });

  it("is built all the same when a person asks for it", async () => {
    const published = await scheduled();
    await setBlackouts(operator, [around(-60, 60)]);
    expect(await requestRefresh(published.profile.id)).toMatchObject({ joined: false });
  });

  it("of another reason than a time waits as well", async () => {
    const published = await publishReady(worker);
    await updateProfile(operator, published.profile.id, { refreshAfterDays: 1 });
    await db()
      .$executeRaw`UPDATE snapshots SET finished_at = now() - interval '2 days' WHERE id = ${published.snapshot.id}::uuid`;
    await setBlackouts(operator, [around(-60, 60)]);
    expect(await db().$transaction(blackoutNow)).toMatchObject({ reason: "office hours" });
    expect(await refreshForReason()).toBeNull();
    await setBlackouts(operator, []);
    expect(await db().$transaction(blackoutNow)).toBeNull();
    expect(await refreshForReason()).toBe("age");
  });
});

describe("the list", () => {
  it("keeps what two add at once, the same one once, and records who changed it", async () => {
    const windows = Array.from({ length: 4 }, (_, each) => around(120, 180, `reason ${each}`));
    await Promise.all([...windows, ...windows].map((window) => addBlackout(operator, window)));
    expect((await getBlackouts()).windows).toHaveLength(4);
    const recorded = { action: "background.blackouts", actorName: operator.name };
    const before = await db().auditEntry.count({ where: recorded });
    const [first] = windows;
    if (first) await Promise.all([removeBlackout(operator, first), removeBlackout(operator, first)]);
    expect((await getBlackouts()).windows.map(({ reason }) => reason).toSorted()).toEqual([
      "reason 1",
      "reason 2",
      "reason 3",
    ]);
    expect(await db().auditEntry.count({ where: recorded })).toBe(before + 1);
  });

  it("leaves some time, and has its bounds", async () => {
    const always = { ...around(0, 0), from: "00:00", to: "00:00" };
    await expect(addBlackout(operator, always)).rejects.toMatchObject({ status: 422 });
    await setBlackouts(
      operator,
      Array.from({ length: 20 }, (_, each) => around(120, 180, `${each}`)),
    );
    await expect(addBlackout(operator, around(120, 180))).rejects.toThrow(/20 blackouts already/);
    expect((await getBlackouts()).windows).toHaveLength(20);
  });
});
