/** Rolling back, pinning, and what nobody needs any more. */
import { expect, test } from "./fixtures/test";

test("an operator rolls back with a reason, and pins: the next refresh is built and doesn't serve", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Rolled back");
  const second = await api.refresh(profile.slug);
  expect(await api.ended(second.snapshot.id)).toMatchObject({ number: 2, serving: true });

  await page.goto(`/profiles/${profile.slug}?v=1`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Version 1" }) });
  await row.getByRole("button", { name: "Serve this snapshot #1" }).click();
  const dialog = page.getByRole("dialog", { name: "Serve snapshot #1?" });
  const confirm = dialog.getByRole("button", { name: "Serve #1" });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel("Reason").fill("the new one has no jq");
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText("serving #1");
  await expect(row).toContainText("the new one has no jq");
  await expect(row.getByRole("link", { name: "#2 is ready and not serving" })).toBeVisible();
  expect((await api.startSession(profile.slug)).snapshotId).toBe(snapshot.id);

  await row.getByRole("button", { name: "Actions for version 1" }).click();
  await page.getByRole("menuitem", { name: "Pin version 1" }).click();
  await expect(row).toContainText("pinned to #1");
  const third = await api.refresh(profile.slug);
  expect(await api.ended(third.snapshot.id)).toMatchObject({ number: 3, status: "ready", serving: false });
  await expect(row.getByRole("link", { name: "#3 is ready and not serving" })).toBeVisible();
  await expect(row).toContainText("pinned to #1");

  // Forward again, from the snapshot's own page.
  await page.goto(`/snapshots/${third.snapshot.id}`);
  await page.getByRole("button", { name: "Serve this snapshot #3" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("looked at it");
  await page.getByRole("dialog").getByRole("button", { name: "Serve #3" }).click();
  await expect(page.getByRole("button", { name: "Serve this snapshot #3" })).toBeHidden();
  // The dialog hides the button from the moment it opens; the server's answer may still be on its way.
  await expect.poll(async () => (await api.version(profile.slug)).servingSnapshot?.number).toBe(3);
  expect((await api.version(profile.slug)).pinned).toBe(true);
});

test("an administrator sees each host's disk, what a sweep would remove, and sweeps", async ({
  admin: page,
  operator,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Swept");
  await api.ended((await api.refresh(profile.slug)).snapshot.id);
  await operator.goto(`/profiles/${profile.slug}/settings`);
  await operator.getByLabel("Ready snapshots of each version").fill("1");
  await operator.getByRole("button", { name: "Save number" }).click();
  await expect(operator.getByText("Saved.")).toBeVisible();

  await page.goto("/hosts");
  await expect(page.getByRole("table", { name: "Engines" })).toContainText(/ free of |Unknown/);
  await page.getByRole("button", { name: "Show what would go" }).click();
  const item = page.getByRole("row").filter({ hasText: `#1 of ${profile.slug} v1` });
  await expect(item).toContainText("Would go", { timeout: 30_000 });
  await expect(item).toContainText("older than the newest 1");
  expect((await api.snapshot(snapshot.id)).status).toBe("ready");
  await page.getByRole("button", { name: "Sweep now" }).click();
  await expect(item).toContainText("Removed", { timeout: 30_000 });
  expect(await api.snapshot(snapshot.id)).toMatchObject({ status: "removed", image: null });
  expect((await api.startSession(profile.slug)).snapshotNumber).toBe(2);

  await operator.goto("/hosts");
  await expect(operator.getByRole("button", { name: "Sweep now" })).toHaveCount(0);
});
