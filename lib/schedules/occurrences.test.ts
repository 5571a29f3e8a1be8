import { expect, test } from "vitest";
import { MAX_OCCURRENCES, occurrencesOf } from "./occurrences";
import { DAY, HOUR } from "./zone";

const from = Date.parse("2026-11-27T00:00Z");
const bounds = Array.from({ length: 8 }, (_, day) => from + day * DAY);
const schedules = (count: number, cron: string) =>
  Array.from({ length: count }, (_, id) => ({ id, cron, timezone: "UTC" }));
const atOnce = () => Promise.resolve();

test("each time of each schedule is found once, from the beginning of the span", async () => {
  const all = [...schedules(2, "0 0 * * *"), { id: 7, cron: "0 */6 * * *", timezone: "Asia/Kolkata" }];
  const { found, countedTo } = await occurrencesOf(all, bounds, atOnce);
  expect(countedTo).toBeNull();
  expect(found.filter(({ schedule }) => schedule.id === 1).map(({ at }) => at)).toEqual(bounds.slice(0, 7));
  const six = found.filter(({ schedule }) => schedule.id === 7).map(({ at }) => at);
  expect(six).toHaveLength(28);
  expect(new Set(six.map((at, place) => at - (six[place - 1] ?? at - 6 * HOUR)))).toEqual(
    new Set([6 * HOUR]),
  );
});

test("too many: whole days are counted, and it is said from when on nothing is", async () => {
  const { found, countedTo } = await occurrencesOf(schedules(5_000, "0 */2 * * *"), bounds, atOnce);
  expect(found.length).toBeLessThanOrEqual(MAX_OCCURRENCES);
  expect(found).toHaveLength(3 * 12 * 5_000);
  expect(countedTo).toBe(from + 3 * DAY);
});

test("expressions that differ are read only so often", async () => {
  const differ = Array.from({ length: 1_500 }, (_, id) => ({
    ...{ id, timezone: "UTC" },
    cron: `${id % 60} ${Math.floor(id / 60) % 24} * * *`,
  }));
  const { found, countedTo } = await occurrencesOf(differ, bounds, atOnce);
  expect(countedTo).toBe(from + 6 * DAY);
  expect(found).toHaveLength(6 * 1_500);
}, 30_000);
