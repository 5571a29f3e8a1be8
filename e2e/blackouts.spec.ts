/** Times in which nothing starts by itself, and the calendar of what does. */
import { expectAccessible, expectToFit } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

const ZONE = "America/New_York";
test.use({ timezoneId: ZONE });

/** The full hour so many hours from now, of UTC. None of them is now: other tests' schedules run meanwhile. */
const later = (hours: number) => new Date(Math.floor(Date.now() / 3_600_000 + hours) * 3_600_000);
const clock = (at: Date) => at.toISOString().slice(11, 16);

test("a blackout is added, seen in the editor and the calendar, and removed", async ({ as, api }) => {
  const page = await as("operator", { timezoneId: ZONE });
  const { profile } = await api.publishReady("Foreseen");
  const [free, from, due, to] = [later(3), later(5), later(6), later(7)];
  const hour = `${due.getUTCHours()}`;

  await page.goto("/schedules");
  await page.getByRole("button", { name: "Add a blackout" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a blackout" });
  const add = dialog.getByRole("button", { name: "Add blackout" });
  await dialog.getByRole("button", { name: "Saturday" }).click();
  await dialog.getByRole("button", { name: "Sunday" }).click();
  await dialog.getByLabel("From").fill(clock(from));
  await dialog.getByLabel("To", { exact: true }).fill(clock(to));
  await dialog.getByLabel("Time zone").fill("Mars/Olympus");
  await expect(dialog.getByText(/no such time zone/)).toBeVisible();
  await expect(add).toBeDisabled();
  await dialog.getByLabel("Time zone").fill("UTC");
  await dialog.getByLabel("Why").fill("office hours");
  const words = `Every day ${clock(from)}–${clock(to)}, UTC: office hours`;
  await expect(dialog.getByText(words)).toBeVisible();
  await add.click();
  await expect(dialog).toBeHidden();
  const list = page.getByRole("region", { name: "All blackouts" });
  await expect(list.getByRole("listitem").filter({ hasText: words })).toBeVisible();
  const viewer = await as("viewer");
  await viewer.goto("/schedules");
  await expect(viewer.getByRole("region", { name: "All blackouts" })).toContainText("office hours");
  await expect(viewer.getByRole("button", { name: /blackout|Remove/ })).toHaveCount(0);

  // The editor marks what falls into it.
  await page.goto(`/profiles/${profile.slug}`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Version 1" }) });
  await row.getByRole("button", { name: "Actions for version 1" }).click();
  await page.getByRole("menuitem", { name: "Refresh on a schedule" }).click();
  const sheet = page.getByRole("dialog", { name: "Schedule of version 1" });
  await sheet.getByLabel("Time zone").fill("UTC");
  await sheet.getByLabel("Expression").fill(`0 ${free.getUTCHours()} * * *`);
  const times = sheet.getByRole("table", { name: "The next times" });
  const marks = times.getByText(/^Blackout until .*\(UTC\): office hours$/);
  await expect(marks).toHaveCount(0);
  await sheet.getByLabel("Expression").fill(`0 ${hour} * * *`);
  await expect(marks).toHaveCount(5);
  await sheet.getByRole("button", { name: "Save schedule" }).click();
  await expect(sheet).toBeHidden();
  await expect(row).toContainText(/next in [67] h: .*, ready about \d\d:\d\d\. Blackout until/);

  // The calendar has it when the blackout is over, where the reader is.
  await page.goto("/schedules");
  await page.getByRole("link", { name: "Next seven days" }).click();
  const here = (options: Intl.DateTimeFormatOptions) =>
    to.toLocaleString("en-GB", { timeZone: ZONE, ...options });
  const day = here({ weekday: "long", day: "numeric", month: "long" }).replace(",", "");
  const short = here({ weekday: "short", day: "numeric" }).replace(",", "");
  await page.getByRole("button", { name: new RegExp(`^${short} *show its refreshes`) }).click();
  const run = page.getByRole("region", { name: day }).getByRole("listitem").filter({ hasText: profile.name });
  await expect(run).toContainText(/ready about \d\d:\d\d/);
  // With its day where that is another one than the time that is due.
  await expect(run).toContainText(
    new RegExp(`Blackout until (\\w+ \\d+ \\w+, )?${clock(to)} \\(UTC\\): office hours`),
  );
  await expect(run.getByRole("time")).toHaveText(here({ hour: "2-digit", minute: "2-digit" }));
  const table = page.getByRole("table", { name: /next seven days/ });
  await expect(table.getByRole("cell", { name: /blackout: office hours/ }).first()).toBeVisible();
  await expectAccessible(page, "the calendar");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectToFit(page, "the calendar", 390);
  await page.setViewportSize({ width: 1280, height: 800 });
  await run.getByRole("link", { name: "Version 1" }).click();
  await expect(page).toHaveURL(`/profiles/${profile.slug}?v=1`);

  await page.goto("/schedules");
  await list.getByRole("button", { name: `Remove ${words}` }).click();
  await expect(page.getByText("There is none: schedules start at any time.")).toBeVisible();
});
