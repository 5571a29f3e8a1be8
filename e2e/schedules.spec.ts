/** Refreshes that happen by themselves: the editor, what it comes to, and the pause of all of them. */

import { profileSchema } from "@/lib/profiles/wire";
import { comeDue } from "./fixtures/due";
import { expect, test } from "./fixtures/test";

test.use({ timezoneId: "America/New_York" });

test("a schedule is set, seen to run, changed and taken away", async ({ operator: page, api }) => {
  const { profile } = await api.publishReady("Scheduled");
  await page.goto(`/profiles/${profile.slug}`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Version 1" }) });
  const open = async (item: string) => {
    await row.getByRole("button", { name: "Actions for version 1" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await open("Refresh on a schedule");
  const sheet = page.getByRole("dialog", { name: "Schedule of version 1" });
  const cron = sheet.getByLabel("Expression");
  const zone = sheet.getByLabel("Time zone");
  const save = sheet.getByRole("button", { name: "Save schedule" });
  await expect(cron).toHaveValue("0 3 * * *");
  await expect(zone).toHaveValue("America/New_York");
  await expect(sheet.getByText("At 03:00", { exact: true })).toBeVisible();

  // What is wrong is said where it is, and nothing can be saved.
  await cron.fill("*/2 * * * *");
  await expect(sheet.getByText(/leave at least 5 minutes in between/)).toBeVisible();
  await expect(save).toBeDisabled();
  await cron.fill("30 2 * * *");
  await zone.fill("Europe/Nowhere");
  await expect(sheet.getByText(/no such time zone/)).toBeVisible();
  await expect(save).toBeDisabled();
  await zone.fill("Europe/Berlin");

  const times = sheet.getByRole("table", { name: "The next times" });
  await expect(times.getByRole("row")).toHaveCount(6);
  await expect(times.getByRole("cell", { name: /02:30$/ })).toHaveCount(5);
  await expect(times.getByRole("cell", { name: /(20:30|21:30)$/ })).toHaveCount(5);
  await expect(sheet.getByText(/the clocks go forward/)).toBeVisible();
  await sheet.getByRole("button", { name: "Hourly" }).click();
  await expect(cron).toHaveValue("0 * * * *");
  await expect(sheet.getByText(/the clocks go back/)).toBeVisible();
  await cron.fill("30 2 * * *");
  await save.click();
  await expect(sheet).toBeHidden();
  await expect(row).toContainText("Refreshed at 02:30 (Europe/Berlin), next in");

  // Its time comes.
  await comeDue(profile.id);
  // Not the link that says of #2 for a moment that it is ready and doesn't serve yet.
  await expect(row.getByText(/^· serving/)).toContainText("#2", { timeout: 60_000 });
  await page.goto("/schedules");
  const listed = page
    .getByRole("table", { name: "Schedules" })
    .getByRole("row")
    .filter({ hasText: profile.name });
  await expect(listed).toContainText("Started #2, ready");
  await expect(listed).toContainText("Europe/Berlin");
  await listed.getByRole("link", { name: profile.name }).click();

  await open("Change the schedule");
  await expect(sheet.getByRole("link", { name: "Started #2, ready" })).toBeVisible();
  await sheet.getByRole("switch", { name: "Switched on" }).click();
  await save.click();
  await expect(row).toContainText("Its schedule is switched off.");
  await open("Change the schedule");
  await sheet.getByRole("button", { name: "Remove schedule" }).click();
  await expect(sheet).toBeHidden();
  await expect(row).not.toContainText("schedule");
});

test("background refreshes are paused with a reason that everybody sees, and let go on", async ({
  operator: page,
  as,
}) => {
  await page.goto("/schedules");
  await page.getByRole("button", { name: "Pause all background refreshes" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause all background refreshes?" });
  await dialog.getByLabel("Why").fill("the mirror moves");
  await dialog.getByRole("button", { name: "Pause refreshes" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "paused all background refreshes" });
  await expect(notice).toContainText("the mirror moves");
  const viewer = await as("viewer");
  await viewer.goto("/schedules");
  await expect(viewer.getByRole("alert").filter({ hasText: "the mirror moves" })).toBeVisible();
  await expect(viewer.getByRole("button", { name: "Let them go on" })).toHaveCount(0);
  await notice.getByRole("button", { name: "Let them go on" }).click();
  await expect(page.getByRole("button", { name: "Pause all background refreshes" })).toBeVisible();
});

test("what else refreshes a profile is set in its settings", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Reasons");
  await page.goto(`/profiles/${slug}/settings`);
  const secret = page.getByRole("checkbox", { name: /a secret that it was built with/ });
  const days = page.getByLabel("When its snapshot is older than so many days");
  const save = page.getByRole("button", { name: "Save days" });
  await expect(save).toBeDisabled();
  await secret.click();
  await expect(secret).toBeChecked();
  await expect(page.getByText("Saved.").first()).toBeVisible();
  await days.fill("0");
  await save.click();
  await expect(page.getByText("Give at least 1 day.")).toBeVisible();
  await days.fill("14");
  await save.click();
  // Disabled while it is saved, too.
  await expect
    .poll(async () => (await api.call(profileSchema, "GET", `/profiles/${slug}`)).refreshAfterDays)
    .toBe(14);
  await page.reload();
  await expect(secret).toBeChecked();
  await expect(days).toHaveValue("14");
});
