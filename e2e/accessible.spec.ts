/** Everybody can read and use every page, in both themes. */
import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "./fixtures/accessible";
import { expect, type Gallery, test } from "./fixtures/gallery";
import { logOf } from "./fixtures/log-view";
import { trySignIn } from "./fixtures/people";
import { openGate } from "./fixtures/scripts";

/** A page, and what is on it once it is whole. */
type Place = [path: string, whole: (page: Page) => Locator];

const heading = (name: string) => (page: Page) => page.getByRole("heading", { name, level: 1 });

const lists = (gallery: Gallery): Place[] => [
  ["/profiles", (page) => page.getByRole("table", { name: "Profiles" })],
  ["/profiles?q=no-such-profile", (page) => page.getByRole("button", { name: "Show all in use" })],
  ["/profiles?archived=true", (page) => page.getByRole("button", { name: "Archived", exact: true })],
  ["/snapshots", (page) => page.getByRole("table", { name: "Snapshots" })],
  ["/schedules", (page) => page.getByRole("table", { name: "Schedules" })],
  ["/schedules/calendar", (page) => page.getByRole("table", { name: /next seven days/ })],
  [
    `/snapshots?profile=${gallery.draft}`,
    (page) => page.getByRole("heading", { name: "No snapshot like that" }),
  ],
  ["/sessions", (page) => page.getByRole("table", { name: "Sessions" })],
  ["/inbox", (page) => page.getByRole("heading", { name: "Inbox", level: 1 })],
  ["/hosts", (page) => page.getByRole("table", { name: "Workers" })],
];

const profile = ({ served, failed, draft }: Gallery): Place[] => [
  [`/profiles/${served.profile.slug}?v=1`, (page) => page.getByRole("region", { name: "Setup script" })],
  [
    `/profiles/${failed.profile.slug}`,
    (page) => page.getByText("Inspect the setup script and output, then refresh."),
  ],
  [`/profiles/${draft}`, (page) => page.getByText("No version is published yet.")],
  [`/profiles/${draft}/draft`, (page) => page.getByRole("textbox", { name: "Setup script" })],
  [`/profiles/${failed.profile.slug}/draft`, (page) => page.getByText("There is no draft.")],
  [`/profiles/${served.profile.slug}/sessions`, (page) => page.getByRole("table", { name: "Sessions" })],
  [
    `/profiles/${served.profile.slug}/settings`,
    (page) => page.getByRole("button", { name: "Archive profile" }),
  ],
];

const things = ({ served, failed, sessionId }: Gallery): Place[] => [
  [`/snapshots/${served.snapshot.id}`, (page) => logOf(page).getByText("Ready: new sessions can start")],
  [`/snapshots/${failed.snapshot.id}`, (page) => logOf(page).getByText("E: no such package")],
  [`/sessions/${sessionId}`, (page) => page.getByText("Connected", { exact: true })],
  [`/sessions/${sessionId}?tab=files&path=/`, (page) => page.getByRole("table", { name: "Files" })],
  [`/sessions/${sessionId}?tab=activity`, (page) => page.getByRole("table", { name: "Processes" })],
  [`/sessions/${sessionId}?tab=log`, (page) => page.getByText("Following", { exact: true })],
  [`/sessions/${sessionId}?tab=commands`, (page) => page.getByLabel("Shell command")],
];

const settings: Place[] = [
  ["/settings", (page) => page.getByRole("button", { name: "Change password" })],
  ["/settings/secrets", (page) => page.getByRole("button", { name: "New secret" })],
  ["/settings/users", (page) => page.getByRole("button", { name: "New user" })],
  ["/settings/tokens", (page) => page.getByRole("table", { name: "API tokens" })],
  ["/settings/inbox", (page) => page.getByRole("button", { name: "Add events" })],
  ["/settings/notifications", (page) => page.getByRole("button", { name: "New channel" })],
];

async function visit(page: Page, places: Place[]): Promise<void> {
  for (const [path, whole] of places) {
    await page.goto(path);
    await expect(whole(page)).toBeVisible();
    await expectAccessible(page, path);
  }
}

// What moves is between two colours.
test.use({ contextOptions: { reducedMotion: "reduce" } });
// Each page of a place is gone through by axe.
test.slow();

test("signing in", async ({ page, watch }) => {
  watch.expect(/401/);
  await page.goto("/sign-in");
  await expect(heading("Sign in to Kiln")(page)).toBeVisible();
  await expectAccessible(page, "the empty form");
  await trySignIn(page, "nobody@kiln.test", "wrong");
  await expect(page.getByRole("alert").filter({ hasText: "wrong" })).toBeVisible();
  await expectAccessible(page, "the form after a refusal");
});

test("lists", async ({ admin: page, gallery }) => {
  await visit(page, lists(gallery));
});

test("a profile's pages", async ({ operator: page, gallery }) => {
  await visit(page, profile(gallery));
});

test("snapshots and sessions", async ({ operator: page, gallery }) => {
  await visit(page, things(gallery));
  await page.getByLabel("Shell command").fill("echo out; echo err >&2; exit 3");
  await page.getByLabel("Shell command").press("Enter");
  await expect(page.getByText("exit 3", { exact: true })).toBeVisible();
  await expectAccessible(page, "a session with output");
});

test("while a build runs", async ({ operator: page, gallery }) => {
  const { profile, snapshot } = await gallery.build();
  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(logOf(page).getByText("yellow")).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page, "a running snapshot");
  await page.goto("/queue");
  await expect(page.getByRole("table", { name: "Snapshots" })).toBeVisible();
  await expectAccessible(page, "the queue");
  await page.goto(`/snapshots/${snapshot.id}`);
  await page.getByRole("searchbox", { name: "Search the log" }).fill("green");
  await expect(page.getByRole("search").getByRole("status")).toHaveText("1");
  await expectAccessible(page, "a hit in the log");
  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByRole("progressbar", { name: "Steps" })).toBeVisible();
  await expectAccessible(page, "a version that is being prepared");
  await openGate(snapshot.id);
});

test("settings", async ({ admin: page }) => {
  await visit(page, settings);
});

test("what floats", async ({ operator: page, gallery }) => {
  await page.goto("/profiles?new=true");
  await expect(page.getByRole("dialog", { name: "New profile" })).toBeVisible();
  await expectAccessible(page, "the form for a new profile");

  await page.goto(`/profiles?q=${gallery.served.profile.slug}`);
  await page.getByRole("button", { name: `Actions for ${gallery.served.profile.name}` }).click();
  await expectAccessible(page, "a row's menu");
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await expectAccessible(page, "the question before archiving");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("option").first()).toBeVisible();
  await expectAccessible(page, "the palette");

  await page.goto(`/profiles/${gallery.served.profile.slug}`);
  await page.getByRole("button", { name: "Actions for version 1" }).click();
  await page.getByRole("menuitem", { name: "Change the schedule" }).click();
  await expect(page.getByRole("table", { name: "The next times" })).toBeVisible();
  await expectAccessible(page, "the sheet of a schedule");

  await page.goto(`/profiles/${gallery.served.profile.slug}/draft`);
  await page.getByLabel("CPUs").fill("many");
  await expect(page.getByText("Not saved: 1 field needs attention")).toBeVisible();
  await expectAccessible(page, "a draft with a wrong field");
  await page.getByLabel("CPUs").fill("1.5");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.getByRole("button", { name: "Publish version 2" }).click();
  await expect(page.getByRole("dialog").getByRole("deletion")).toBeVisible();
  await expectAccessible(page, "the sheet before publishing");
});
