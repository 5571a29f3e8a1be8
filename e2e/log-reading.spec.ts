/** Finding one's way in a log by keyboard, on a phone, and when there is nothing left of it. */
import { outliveLog } from "@/prisma/factories/old-log";
import { logOf } from "./fixtures/log-view";
import { unique } from "./fixtures/names";
import { gate, openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

/** A script of its own for each: one that ran before would be reused, and print nothing. */
const troubled = () => `${rows(1, 100)} # ${unique("reading")}
echo "error: the first"
echo "::group::Unpack"
${rows(101, 200)}
echo "::endgroup::"
echo "error: the second"
${rows(201, 300)}`;

test("errors are gone to and fro, lines by their numbers, and all steps are folded at once", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishReady("Reading", { setupScript: troubled() });
  const numberOf = async (text: string) =>
    (await api.log(snapshot.id)).findIndex((line) => line.text === text) + 1;
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 1", { exact: true })).toBeVisible();
  await page.keyboard.press("e");
  await expect(log.getByText("error: the first")).toBeInViewport();
  await page.keyboard.press("e");
  await expect(log.getByText("error: the second")).toBeInViewport();
  await page.keyboard.press("Shift+E");
  await expect(log.getByText("error: the first")).toBeInViewport();
  await page.getByRole("button", { name: "Previous error (E)" }).click();
  await expect(log.getByText("error: the second")).toBeInViewport();

  const first = await numberOf("row 150");
  await page.keyboard.press("l");
  const field = page.getByRole("textbox", { name: "Line or lines" });
  await expect(field).toBeFocused();
  await page.keyboard.type("99999");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^The log has \d+ lines\.$/)).toBeVisible();
  await field.fill(`${first}-${first + 2}`);
  await field.press("Enter");
  await expect(field).toBeHidden();
  await expect(page).toHaveURL(new RegExp(`#L${first}-L${first + 2}$`));
  await expect(log.getByText("row 150", { exact: true })).toBeInViewport();
  await expect(page.getByRole("button", { name: "Copy 3 lines" })).toBeVisible();

  const setup = log.getByRole("button", { name: /^Setup script/ });
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitem", { name: "Fold all", exact: true }).click();
  await expect(setup).toHaveAttribute("aria-expanded", "false");
  await expect(log.getByRole("button", { expanded: true })).toHaveCount(0);
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitem", { name: "Unfold all" }).click();
  await expect(setup).toHaveAttribute("aria-expanded", "true");
});

test("full screen has a key, and what it covers can't be reached", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Covered");
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("hello", { exact: true })).toBeVisible();
  const steps = page.getByRole("region", { name: "Steps" });
  await expect(steps).toBeVisible();
  await page.keyboard.press("Shift+F");
  await expect(page.getByRole("button", { name: "Leave full screen (Esc)" })).toBeVisible();
  const inLog = () => page.evaluate(() => document.activeElement?.closest("[aria-label^='Log of']") !== null);
  await log.focus();
  for (let press = 0; press < 24; press += 1) {
    await page.keyboard.press("Shift+Tab");
    const isBody = await page.evaluate(() => document.activeElement === document.body);
    expect(isBody || (await inLog())).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(steps).toBeVisible();
});

test("an address is a link, a long line is shown whole, a hit in an annotation is marked in its words", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishReady("Addresses", {
    setupScript: `: ${unique("addresses")}
echo "Get:1 http://deb.example.org/debian bookworm (see https://example.com/a?b=1)."
echo "not https://user:word@example.net/ nor ftp://example.com"
echo "::warning::a deprecated flag"
head -c 15000 /dev/zero | tr '\\0' x; echo END
head -c 30000 /dev/zero | tr '\\0' y; echo`,
  });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const link = log.getByRole("link", { name: "https://example.com/a?b=1", exact: true });
  await expect(link).toHaveAttribute("href", "https://example.com/a?b=1");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(log.getByRole("link", { name: "http://deb.example.org/debian", exact: true })).toBeVisible();
  await expect(log.locator("a[target=_blank]")).toHaveCount(2);
  // Up to 16 KiB of a line are in the list, and the rest is a press away.
  await expect(log.getByText(/x{100}END$/)).toHaveCount(1);
  await log.getByRole("button", { name: "Show all" }).click();
  await expect(page.getByRole("dialog").getByText("30,000 characters")).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("searchbox", { name: "Search the log" }).fill("deprecated");
  await expect(log.locator("mark")).toHaveText("deprecated");
  await expect(log.getByText("Warning:")).toBeVisible();
});

test("however many links a log has, it is one stop of the Tab key, and they are reached from it", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishReady("Stops", {
    setupScript: `: ${unique("stops")}
for row in $(seq 1 40); do echo "Get:$row http://deb.example.org/debian/$row"; done
echo "::group::Unpack"
echo inside
echo "::endgroup::"
echo "to standard error" >&2
${rows(1, 400)}`,
  });
  const numberOf = async (end: string) =>
    (await api.log(snapshot.id)).findIndex(({ text }) => text.endsWith(end)) + 1;
  const number = await numberOf("/debian/20");
  const log = logOf(page);
  const linkOf = (row: number) =>
    log.getByRole("link", { name: `http://deb.example.org/debian/${row}`, exact: true });
  // The two outputs have no order.
  await page.goto(`/snapshots/${snapshot.id}#L${await numberOf("to standard error")}`);
  await expect(log.locator("[data-line]", { hasText: "to standard error" })).toContainText(
    /Standard error: /,
  );

  const isInLog = () => log.evaluate((element) => element.contains(document.activeElement));
  await log.focus();
  await page.keyboard.press("Tab");
  expect(await isInLog()).toBe(false);
  // The link to what is in the snapshot may come between meanwhile.
  for (let back = 0; back < 3 && !(await isInLog()); back += 1) await page.keyboard.press("Shift+Tab");
  await expect(log).toBeFocused();

  await page.keyboard.press("l");
  await expect(page.getByRole("textbox", { name: "Line or lines" })).toBeFocused();
  await page.keyboard.type(String(number));
  await page.keyboard.press("Enter");
  await expect(linkOf(20)).toBeInViewport();
  await expect(log.locator(`[data-line="${number}"]`)).not.toContainText("Standard error");
  await log.focus();
  await page.keyboard.press("Enter");
  await expect(linkOf(20)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(linkOf(21)).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(linkOf(19)).toBeFocused();
  for (let row = 20; row <= 40; row += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(linkOf(row)).toBeFocused();
    await expect(linkOf(row)).toBeInViewport();
  }
  await page.keyboard.press("ArrowDown");
  const group = log.getByRole("button", { name: /^Unpack/ });
  await expect(group).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(group).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Escape");
  await expect(log).toBeFocused();
  // A row that leaves the page leaves the reader in the log.
  await page.keyboard.press("Enter");
  await expect(log).not.toBeFocused();
  await log.evaluate((element) => element.scrollTo(0, 0));
  await expect.poll(isInLog).toBe(true);
});

test("who listens hears of steps that begin and end, and of no line", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishProfile("Heard", { setupScript: `${rows(1, 20)}\n${gate()}` });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 20", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(log).toHaveAttribute("aria-live", "off");
  const told = page
    .getByRole("region", { name: /^Log of / })
    .getByRole("status")
    .filter({ hasText: "." });
  await openGate(snapshot.id);
  await expect(told).toHaveText(/Promote done after \d+\.\d ?s\.$/, { timeout: 30_000 });
  await expect(told).not.toContainText("row");
});

test("a phone has patterns, too", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Pocket", {
    setupScript: `${rows(1, 20)} # ${unique("pocket")}`,
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/snapshots/${snapshot.id}`);
  await page.getByRole("searchbox", { name: "Search the log" }).fill("row 1[89]$");
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  await expect(page.getByRole("search").getByRole("status")).toHaveText("2");
  // A menu that is taller than the room for it scrolls, and none of it is beyond the edge.
  await page.getByRole("button", { name: "View", exact: true }).click();
  const line = page.getByRole("menuitem", { name: "Go to line…" });
  await line.scrollIntoViewIfNeeded();
  await expect(line).toBeInViewport({ ratio: 1 });
  await line.click();
  await expect(page.getByRole("textbox", { name: "Line or lines" })).toBeFocused();
  await page.keyboard.press("Escape");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test("what is still being written stands below the column of the text, also beside times", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishProfile("Column", {
    setupScript: `echo "a line"; printf 'still going'\n${gate("a")}`,
  });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const line = log.getByText("a line", { exact: true });
  const tail = page.locator("[data-tail]").getByText("still going");
  await expect(tail).toBeVisible({ timeout: 30_000 });
  const left = async (of: typeof line) => Math.round((await of.boundingBox())?.x ?? -1);
  // Of the tail, its text: a row is as wide as the log.
  const tailLeft = () =>
    tail.evaluate((row) => {
      const range = document.createRange();
      range.selectNodeContents(row);
      return Math.round(range.getBoundingClientRect().x);
    });
  expect(await tailLeft()).toBe(await left(line));
  await page.keyboard.press("t");
  await expect(log.getByText(/^\d+:\d\d\.\d$/).first()).toBeVisible();
  expect(await tailLeft()).toBe(await left(line));
  await openGate(snapshot.id, "a");
  await page.keyboard.press("t");
});

test("of a log whose time is over its page and a comparison say so", async ({ viewer: page, api }) => {
  const { profile, snapshot } = await api.publishReady("Outlived");
  const again = await api.refresh(profile.slug, 1);
  expect((await api.ended(again.snapshot.id)).status).toBe("ready");
  await outliveLog(snapshot.id);

  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(page.getByRole("heading", { name: "This log is gone" })).toBeVisible();
  await expect(page.getByText(/was deleted on \d{4}-\d\d-\d\d, when its time was over\./)).toBeVisible();
  // Nothing that would only lead to a refusal.
  await expect(page.getByRole("link", { name: "Download the raw log" })).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Steps by their time" })).toHaveCount(0);

  await page.goto(`/snapshots/${again.snapshot.id}/compare-log`);
  await expect(page.getByText(/^No snapshot before #2 that ended well still has its log\./)).toBeVisible();
  await page.goto(`/snapshots/${again.snapshot.id}/compare-log?with=${snapshot.id}`);
  await expect(page.getByText(/^The log of #1 was deleted on /)).toBeVisible();
});
