/** Reading a finished log of a million lines. It is made in the database, where a build would take minutes. */
import type { Page } from "@playwright/test";
import { cleanText } from "@/lib/logs/ansi";
import { bigLine, replaceLog } from "@/prisma/factories/big-log";
import { makeToken } from "@/prisma/factories/people";
import { Api } from "./fixtures/api";
import { logOf } from "./fixtures/log-view";
import { test as base, expect } from "./fixtures/test";
import { endWork } from "./fixtures/tidy";

const LINES = 1_000_000;

const test = base.extend<object, { million: string }>({
  million: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
    async ({}, use) => {
      const api = new Api(await makeToken("operator"));
      const { snapshot } = await api.publishReady("Million");
      await replaceLog(snapshot.id, LINES);
      await use(snapshot.id);
      await endWork(api);
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

const lineOf = (page: Page, number: number) => logOf(page).locator(`[data-line="${number}"]`);
const search = (page: Page) => page.getByRole("searchbox", { name: "Search the log" });
const verdict = (page: Page) => page.getByRole("search").getByRole("status");
/** As people see it: a command is shown as what it means. */
const expectLine = (page: Page, number: number) =>
  expect(lineOf(page, number)).toContainText(bigLine(number));

test("opens at its beginning, loads what is seen, and its scrollbar is true to all of it", async ({
  viewer: page,
  million,
}) => {
  const asked: URL[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith("/log")) asked.push(url);
  });
  await page.goto(`/snapshots/${million}`);
  await expectLine(page, 3);
  const log = logOf(page);
  // One pixel of the bar is worth the same everywhere.
  for (const part of [0.25, 0.5, 0.75]) {
    await log.evaluate((scroller, to) => {
      scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * to;
    }, part);
    await expect(log.locator("[data-loading]")).toHaveCount(0);
    const top = Number(await log.locator("[data-line]").first().getAttribute("data-line"));
    expect(Math.abs(top - LINES * part)).toBeLessThan(200);
    await expectLine(page, top);
  }
  await log.evaluate((scroller) => {
    scroller.scrollTop = scroller.scrollHeight;
  });
  await expectLine(page, LINES);
  await expect(lineOf(page, LINES)).toBeInViewport();
  expect(await page.locator("[data-line]").count()).toBeLessThan(200);
  const lines = asked.reduce((sum, url) => sum + Number(url.searchParams.get("limit")), 0);
  expect(lines).toBeLessThan(20_000);
});

test("the wheel and the keyboard go on from wherever the reader is", async ({ viewer: page, million }) => {
  await page.goto(`/snapshots/${million}#L700000`);
  await expect(lineOf(page, 700_000)).toBeInViewport();
  const log = logOf(page);
  await log.hover();
  await page.mouse.wheel(0, 400);
  await expect(lineOf(page, 700_020)).toBeInViewport();
  await page.mouse.wheel(0, -800);
  await expect(lineOf(page, 699_985)).toBeInViewport();
  await page.keyboard.press("G");
  await expect(lineOf(page, LINES)).toBeInViewport();
  await page.keyboard.press("g");
  await expect(lineOf(page, 2)).toBeInViewport();
});

test("a pattern finds all of its hits, goes from one to the next, and marks the scrollbar", async ({
  viewer: page,
  million,
}) => {
  await page.goto(`/snapshots/${million}`);
  await expectLine(page, 3);
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  await search(page).fill(String.raw`^\d+500 needle.*[13] of 97$`);
  const hits = Array.from({ length: LINES }, (_, index) => index + 1).filter((number) =>
    /^\d+500 needle.*[13] of 97$/.test(cleanText(bigLine(number))),
  );
  await expect(verdict(page)).toHaveText(hits.length.toLocaleString("en"));
  await search(page).press("Enter");
  await expect(lineOf(page, hits[0] ?? 0)).toBeInViewport();
  await search(page).press("Shift+Enter");
  await expect(verdict(page)).toHaveText(
    `${hits.length.toLocaleString("en")} of ${hits.length.toLocaleString("en")}`,
  );
  await expect(lineOf(page, hits.at(-1) ?? 0)).toBeInViewport();
  await expect(
    lineOf(page, hits.at(-1) ?? 0)
      .locator("mark")
      .first(),
  ).toBeVisible();
  expect(await page.locator('[data-mark="hit"]').count()).toBeGreaterThan(50);
});

test("a pattern that never ends hangs nobody", async ({ viewer: page, million }) => {
  await page.goto(`/snapshots/${million}`);
  await expectLine(page, 3);
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  await search(page).fill(String.raw`^(\w+\s?)+(\w+\s?)+(\w+\s?)+\?$`);
  await expect(verdict(page)).toHaveText("takes too long");
  await search(page).fill("number 123456");
  await expect(verdict(page)).toHaveText("1");
});

test("errors and groups are found without their lines", async ({ viewer: page, million }) => {
  await page.goto(`/snapshots/${million}`);
  await expectLine(page, 3);
  await logOf(page).focus();
  await page.keyboard.press("e");
  await expect(lineOf(page, 123_456)).toBeInViewport();
  await page.keyboard.press("e");
  await expect(lineOf(page, 373_456)).toBeInViewport();
  expect(await page.locator('[data-mark="error"]').count()).toBe(4);

  await page.goto(`/snapshots/${million}#L150000`);
  const group = logOf(page).getByRole("button", { name: /^Part 2/ });
  await expect(group).toHaveAttribute("aria-expanded", "true");
  await group.click();
  await expect(group).toHaveAttribute("aria-expanded", "false");
  await expect(group).toContainText("199 lines");
  await expect(lineOf(page, 150_001)).toBeHidden();
  await expect(lineOf(page, 150_201)).toBeInViewport();
  // What is searched for opens it.
  await search(page).fill("150100 unpacking");
  await search(page).press("Enter");
  await expect(lineOf(page, 150_100)).toBeInViewport();
  await expect(group).toHaveAttribute("aria-expanded", "true");
});

test("a step folds a million lines away, and is at the top while they pass", async ({
  viewer: page,
  million,
}) => {
  await page.goto(`/snapshots/${million}#L500000`);
  await expect(lineOf(page, 500_000)).toBeInViewport();
  const heading = logOf(page).getByRole("button", { name: /^Setup script/ });
  await expect(heading).toBeInViewport();
  await heading.click();
  await expect(heading).toContainText("999,998 lines");
  await expect(lineOf(page, LINES)).toBeInViewport();
});

test("lines wrap, and times and sizes change, without losing the place", async ({
  viewer: page,
  million,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/snapshots/${million}#L400000`);
  await expect(lineOf(page, 400_000)).toBeInViewport();
  await logOf(page).focus();
  for (const key of ["w", "t", "t", "+", "-", "-", "w"]) {
    await page.keyboard.press(key);
    await expect(lineOf(page, 400_000)).toBeInViewport();
  }
  await page.keyboard.press("w");
  // Rows are as tall as their text, and none is over another.
  const overlap = await logOf(page).evaluate((log) => {
    const boxes = [...log.querySelectorAll("[data-line]")]
      .filter((row) => getComputedStyle(row).position === "absolute")
      .map((row) => row.getBoundingClientRect())
      .sort((one, other) => one.top - other.top);
    return boxes.some((box, index) => Math.abs(box.top - (boxes[index - 1]?.bottom ?? box.top)) > 1);
  });
  expect(overlap).toBe(false);
});

test("a range far from what is loaded is copied as clean text", async ({ viewer: page, million }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/snapshots/${million}#L299990-L300520`);
  await expect(lineOf(page, 299_990)).toBeInViewport();
  await page.getByRole("button", { name: "Copy 531 lines" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n");
  expect(lines).toHaveLength(531);
  expect(lines[510]).toBe(`300500 needle in the haystack, ${300_500 % 97} of 97`);
});
