/** Publishing does again only what changed, and a refresh can be made on top of what serves. */

import { db } from "@/lib/db/client.server";
import { expectAccessible } from "./fixtures/accessible";
import { logOf } from "./fixtures/log-view";
import { unique } from "./fixtures/names";
import { expect, test } from "./fixtures/test";

// Builds, and axe over pages with a log or an editor in them.
test.slow();

/** No other test has this first section, whose result any profile's build would use. */
const mark = unique("tools");
const sections = (second: string) =>
  `## step: Tools\necho ${mark} > /tools\n## step: Project\necho ${second} > /project\n`;

test("a step that didn't change is reused, and a refresh is built upon what serves", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot: first } = await api.publishReady("Reused", { setupScript: sections("one") });

  const { snapshot } = await api.publishNext(profile.slug, {
    setupScript: sections("two"),
    maintenanceScript: "## step: Upgrade\ncat /tools /project\necho upgraded > /upgraded\n",
  });
  const second = await api.ended(snapshot.id);
  expect(second.steps.filter(({ reusedFrom }) => reusedFrom === first.number)).toMatchObject([
    { title: "Tools", status: "done" },
  ]);
  await page.goto(`/snapshots/${second.id}`);
  const steps = page.getByRole("region", { name: "Steps" }).getByRole("listitem");
  await expect(steps.filter({ hasText: "Tools" })).toContainText(`reused from #${first.number}`);
  await expect(steps.filter({ hasText: "Project" })).not.toContainText("reused");
  await expect(page.getByRole("definition").filter({ hasText: /^1 step$/ })).toBeVisible();

  await expectAccessible(page, "a snapshot whose first step was reused");

  // Numbers are a profile's own: where another one did it, the page names that.
  const { snapshot: other } = await api.publishReady("Same", { setupScript: sections("three") });
  await page.goto(`/snapshots/${other.id}`);
  await expect(steps.filter({ hasText: "Tools" })).toContainText("from another profile");
  await expect(logOf(page)).toContainText(`reused from #1 of ${profile.name}`);

  await page.goto(`/profiles/${profile.slug}`);
  const menuOf = (version: number) => page.getByRole("button", { name: `Actions for version ${version}` });
  await menuOf(2).click();
  const onTop = page.getByRole("menuitem", { name: `Refresh on top of #${second.number}` });
  await expect(onTop).toContainText("Runs the maintenance script in it");
  await onTop.click();
  await page.getByRole("link", { name: "Follow it" }).click();
  await expect(page.getByRole("heading", { name: `#${second.number + 1}` })).toBeVisible();
  await expect(steps.filter({ hasText: "Upgrade" })).toHaveCount(1);
  await expect(steps.filter({ hasText: "Project" })).toHaveCount(0);
  await expect(logOf(page).getByText("Ready: new sessions can start")).toBeVisible({ timeout: 30_000 });
  await expect(logOf(page).getByText("two", { exact: true })).toBeVisible();
  const builtUpon = page.getByRole("link", { name: `Snapshot ${second.number}`, exact: true });
  await builtUpon.click();
  await expect(page).toHaveURL(`/snapshots/${second.id}`);
});

test("without anything that serves there is nothing to build upon, and the menu says so", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishProfile("Nothing below", { setupScript: "exit 1" });
  await api.ended(snapshot.id);
  await page.goto(`/profiles/${profile.slug}`);
  await page.getByRole("button", { name: "Actions for version 1" }).click();
  const onTop = page.getByRole("menuitem", { name: "Refresh on top of what serves" });
  await expect(onTop).toBeDisabled();
  await expect(onTop).toContainText("Nothing serves that it could be built upon.");
  const refused = await api.ask("POST", `/profiles/${profile.slug}/versions/1/refresh`, {
    body: { mode: "incremental" },
  });
  expect([refused.status, await refused.json()]).toMatchObject([409, { code: "no_serving_snapshot" }]);

  await page.getByRole("menuitem", { name: "Refresh in full, keep the container if it fails" }).click();
  await page.getByRole("link", { name: "Follow it" }).click();
  const parts = page.getByRole("tablist", { name: "The failed step's container" });
  await expect(parts).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
});

test("what stopped serving a moment ago is said beside the button", async ({ operator: page, api }) => {
  const { profile, version } = await api.publishReady("Too late");
  await page.goto(`/profiles/${profile.slug}`);
  await page.getByRole("button", { name: "Actions for version 1" }).click();
  // As it is pressed, and not before: a page that hears of it by then has nothing to press any more.
  await page.route(`**/profiles/${profile.slug}`, async (route) => {
    if (route.request().method() === "POST")
      await db().version.update({ where: { id: version.id }, data: { servingSnapshotId: null } });
    await route.fallback();
  });
  await page.getByRole("menuitem", { name: "Refresh on top of #1" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    "No snapshot of this version serves, so there is nothing to build upon. Refresh in full.",
  );
  await page.unroute(`**/profiles/${profile.slug}`);
  await page.getByRole("button", { name: "Refresh version 1" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
});

test("the maintenance script is written beside the setup script", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Maintained", { setupScript: "echo setup\n" });
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByRole("button", { name: "Maintenance script" }).click();
  await expect(page.getByText(/^Runs on top of the serving snapshot/)).toBeVisible();
  await expectAccessible(page, "a draft's maintenance script");
  await page.getByRole("textbox", { name: "Maintenance script" }).click();
  await page.keyboard.type("apt-get upgrade -y");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec).toMatchObject({
    setupScript: "echo setup\n",
    maintenanceScript: "apt-get upgrade -y",
  });
  await page.getByRole("button", { name: "Setup script" }).click();
  await expect(page.getByRole("textbox", { name: "Setup script" })).toContainText("echo setup");
});
