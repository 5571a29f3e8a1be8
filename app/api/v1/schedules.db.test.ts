import { beforeAll, describe, expect, it } from "vitest";
import { pageOf } from "@/lib/page";
import { versionSchema } from "@/lib/profiles/wire";
import {
  backgroundSchema,
  blackoutsSchema,
  calendarSchema,
  listedScheduleSchema,
  scheduleRunSchema,
  scheduleSchema,
} from "@/lib/schedules/wire";
import { makeToken } from "@/prisma/factories/people";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { answerOf, call, refusalOf } from "../testing/call";
import * as blackouts from "./background/blackouts/route";
import * as background from "./background/route";
import * as version from "./profiles/[profile]/versions/[number]/route";
import * as schedule from "./profiles/[profile]/versions/[number]/schedule/route";
import * as runs from "./profiles/[profile]/versions/[number]/schedule/runs/route";
import * as calendar from "./schedules/calendar/route";
import * as schedules from "./schedules/route";

useSuiteDatabase();
const tokens = { viewer: "", operator: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator"] as const) tokens[role] = await makeToken(role);
});

const put = (profile: string, body: unknown, token = tokens.operator) =>
  call(schedule.PUT, { token, method: "PUT", params: { profile, number: "1" }, body });

describe("a version's schedule", () => {
  it("is set, read, listed and taken away", async () => {
    const { profile } = await publishProfile();
    const params = { profile: profile.slug, number: "1" };
    const read = () => call(schedule.GET, { token: tokens.viewer, params });
    expect(await refusalOf(await read())).toEqual([404, "no_schedule"]);
    const set = await answerOf(
      await put(profile.slug, { cron: "30 2 * * 1-5", timezone: "Europe/Berlin" }),
      200,
      scheduleSchema,
    );
    expect(set).toMatchObject({
      cron: "30 2 * * 1-5",
      timezone: "Europe/Berlin",
      enabled: true,
      pausedReason: null,
    });
    expect(set.nextRuns).toHaveLength(5);
    expect(set.words).toContain("02:30");
    expect(await answerOf(await read(), 200, scheduleSchema)).toEqual(set);
    const of = await answerOf(await call(version.GET, { token: tokens.viewer, params }), 200, versionSchema);
    expect(of.schedule).toEqual(set);
    const list = await answerOf(
      await call(schedules.GET, { token: tokens.viewer, params: {} }),
      200,
      pageOf(listedScheduleSchema),
    );
    expect(list.items).toMatchObject([{ profile: { slug: profile.slug }, version: 1, lastRun: null }]);
    const records = await call(runs.GET, { token: tokens.viewer, params });
    expect(await answerOf(records, 200, pageOf(scheduleRunSchema))).toEqual({ items: [], nextCursor: null });
    const remove = () => call(schedule.DELETE, { token: tokens.operator, method: "DELETE", params });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(204);
    expect(await refusalOf(await read())).toEqual([404, "no_schedule"]);
  });

  it.each([
    [{}, "cron"],
    [{ cron: "every night" }, "cron"],
    [{ cron: "* * * * *" }, "cron"],
    [{ cron: "0 0 30 2 *" }, "cron"],
    [{ cron: "0 3 * * *", timezone: "Mars/Olympus" }, "timezone"],
    [{ cron: "0 3 * * *\0" }, "cron"],
    [{ cron: "0 3 * * *", often: true }, "often"],
  ])("names what is wrong in %j: %s", async (body, path) => {
    const { profile } = await publishProfile();
    const answer = await put(profile.slug, body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: "invalid_input",
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });

  it("is an operator's to set, and a published version's to have", async () => {
    const { profile } = await publishProfile();
    const body = { cron: "0 3 * * *" };
    expect(await refusalOf(await put(profile.slug, body, tokens.viewer))).toEqual([403, "forbidden"]);
    expect(await refusalOf(await put("nobody", body))).toEqual([404, "not_found"]);
  });
});

it("all background refreshes are paused, by whom and why, and let go on", async () => {
  const read = async () =>
    answerOf(await call(background.GET, { token: tokens.viewer, params: {} }), 200, backgroundSchema);
  const set = (body: unknown, token = tokens.operator) =>
    call(background.PUT, { token, method: "PUT", params: {}, body });
  expect(await read()).toMatchObject({ paused: false, by: null });
  expect(await refusalOf(await set({ paused: true }, tokens.viewer))).toEqual([403, "forbidden"]);
  await answerOf(await set({ paused: true, reason: "the mirror is down" }), 200, backgroundSchema);
  // Who comes later changes nothing.
  await answerOf(await set({ paused: true, reason: "another one" }), 200, backgroundSchema);
  expect(await read()).toMatchObject({ paused: true, reason: "the mirror is down", by: expect.any(String) });
  await answerOf(await set({ paused: false }), 200, backgroundSchema);
  expect(await read()).toEqual({ paused: false, reason: "", by: null, since: null });
});

describe("blackouts", () => {
  const set = (body: unknown, token = tokens.operator) =>
    call(blackouts.PUT, { token, method: "PUT", params: {}, body });
  const office = { days: [5, 1, 1], from: "08:00", to: "18:00", timezone: "Europe/Berlin" };

  it("are an operator's to set, and everybody's to read", async () => {
    expect(await refusalOf(await set({ windows: [office] }, tokens.viewer))).toEqual([403, "forbidden"]);
    const kept = await answerOf(await set({ windows: [office] }), 200, blackoutsSchema);
    expect(kept.windows).toEqual([{ ...office, days: [1, 5], reason: "" }]);
    const read = await call(blackouts.GET, { token: tokens.viewer, params: {} });
    expect(await answerOf(read, 200, blackoutsSchema)).toEqual(kept);
    expect((await answerOf(await set({ windows: [] }), 200, blackoutsSchema)).windows).toEqual([]);
  });

  it.each([
    [{}, "windows"],
    [{ windows: [{ ...office, days: [] }] }, "windows.0.days"],
    [{ windows: [{ ...office, days: [8] }] }, "windows.0.days.0"],
    [{ windows: [{ ...office, from: "8" }] }, "windows.0.from"],
    [{ windows: [{ ...office, to: "24:00" }] }, "windows.0.to"],
    [{ windows: [{ ...office, timezone: "Mars/Olympus" }] }, "windows.0.timezone"],
    [{ windows: Array.from({ length: 21 }, () => office) }, "windows"],
    [{ windows: [{ ...office, days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" }] }, "windows"],
  ])("names what is wrong in %j: %s", async (body, path) => {
    const answer = await set(body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: "invalid_input",
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });
});

it("the calendar has the days of the zone that is asked for", async () => {
  const of = (query: string) => call(calendar.GET, { token: tokens.viewer, params: {}, path: `x?${query}` });
  const { from, hours } = await answerOf(await of("timezone=Asia/Tokyo"), 200, calendarSchema);
  expect(from).toMatch(/T15:00:00.000Z$/);
  expect(hours).toHaveLength(168);
  expect(await refusalOf(await of("timezone=Mars/Olympus"))).toEqual([422, "invalid_input"]);
});
