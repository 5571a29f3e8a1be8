/** A phone shows every page without scrolling it sideways. */
import { expectAccessible, expectToFit } from "./fixtures/accessible";
import { expect, test } from "./fixtures/gallery";

// Many pages, one after the other.
test.slow();

test("every page fits into a phone, and the main ones into the smallest", async ({
  as,
  gallery,
  page: stranger,
}) => {
  const page = await as("admin", { viewport: { width: 390, height: 844 } });
  const { served, failed, draft, sessionId } = gallery;
  const main = [
    "/profiles",
    `/profiles/${served.profile.slug}?v=1`,
    `/snapshots/${served.snapshot.id}`,
    `/snapshots/${failed.snapshot.id}`,
    `/sessions/${sessionId}`,
    `/profiles/${draft}/draft`,
  ];
  const others = [
    `/profiles/${failed.profile.slug}`,
    `/profiles/${served.profile.slug}/sessions`,
    `/profiles/${served.profile.slug}/settings`,
    "/snapshots",
    "/schedules",
    "/schedules/calendar",
    "/queue",
    "/sessions",
    "/hosts",
    "/settings",
    "/settings/users",
    "/settings/tokens",
    "/settings/notifications",
    "/settings/inbox",
    "/inbox",
  ];
  for (const path of [...main, ...others]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("main").getByRole("status", { name: "Loading" })).toHaveCount(0);
    await expectToFit(page, path, 390);
    if (main.includes(path)) await expectToFit(page, path, 320);
  }
  await stranger.goto("/sign-in");
  await expectToFit(stranger, "/sign-in", 320);
});

test("a phone has the places at the bottom, and everything within reach of axe", async ({ as, gallery }) => {
  const page = await as("operator", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    reducedMotion: "reduce",
  });
  await page.goto("/profiles");
  const bar = page.getByRole("navigation", { name: "Places" });
  await bar.getByRole("link", { name: "Snapshots" }).click();
  await expect(page).toHaveURL("/snapshots");
  await bar.getByRole("button", { name: "You" }).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await page.keyboard.press("Escape");
  for (const path of [
    `/profiles/${gallery.served.profile.slug}`,
    `/snapshots/${gallery.failed.snapshot.id}`,
    `/sessions/${gallery.sessionId}`,
  ]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expectAccessible(page, `${path} on a phone`);
  }
});
