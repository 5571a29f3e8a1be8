/** A Kiln that was just started: the password that was told once, the example, and an empty list. */
import { expectAccessible, expectToFit } from "./fixtures/accessible";
import { type FreshKiln, startFreshKiln } from "./fixtures/fresh-kiln";
import { trySignIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

let kiln: FreshKiln;
test.beforeAll(async () => {
  test.slow();
  kiln = await startFreshKiln();
});
test.afterAll(() => kiln.stop());

test("the first administrator signs in, finds the example, and starts over from a template", async ({
  page,
}) => {
  await page.goto(kiln.url);
  await trySignIn(page, kiln.admin.email, kiln.admin.password);
  await expect(page).toHaveURL(`${kiln.url}/profiles`);
  const example = page.getByRole("row").filter({ hasText: "Example" });
  await expect(example).toContainText("queued");

  await page.getByRole("link", { name: "Hosts", exact: true }).click();
  await expect(page.getByText("No worker is running.")).toBeVisible();
  await expectAccessible(page, "the hosts without a worker");
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  await expect(page.getByRole("heading", { name: "No sessions" })).toBeVisible();
  await expectAccessible(page, "the empty list of sessions");

  // Nobody builds it here: it is cancelled where it waits, and archived.
  await page.getByRole("link", { name: "Profiles", exact: true }).click();
  await example.getByRole("link", { name: "Example", exact: true }).click();
  await page.getByRole("button", { name: "Cancel snapshot 1" }).click();
  await expect(page.getByText("Refresh to prepare it.")).toBeVisible();
  await page.goto(`${kiln.url}/profiles`);
  await page.getByRole("button", { name: "Actions for Example" }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Archive profile" }).click();

  await expect(page.getByRole("heading", { name: /^Describe an environment once/ })).toBeVisible();
  await expectAccessible(page, "the list without a profile");
  await expectToFit(page, "the list without a profile", 320);
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole("button", { name: /^Python/ }).click();
  await expect(page).toHaveURL(`${kiln.url}/profiles/python/draft`);
  await expect(page.getByRole("textbox", { name: "Setup script" })).toContainText("apt-get install");
  await expect(page.getByLabel("Check command")).toHaveValue(/python3/);
});
