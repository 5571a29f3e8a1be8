/** What is in a snapshot, and what a refresh changed: one press away. */
import type { Page } from "@playwright/test";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

/** A package whose version is the moment of the build: each refresh finds another one. */
const world = `mkdir -p /var/lib/dpkg /usr/bin
seconds=$(date +%s)
printf 'Package: clock\\nStatus: install ok installed\\nVersion: %s\\n\\nPackage: steady\\nStatus: install ok installed\\nVersion: 1.0\\n\\n' "$seconds" > /var/lib/dpkg/status
printf '#!/bin/sh\\n' > /usr/bin/tool && chmod +x /usr/bin/tool
`;

// While others build, a list waits for a calm moment, for two minutes at most.
test.slow();

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

test("a refresh's changes are one press away; the whole list can be searched", async ({
  viewer: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Inventory", { setupScript: world });
  const first = await api.inventory(snapshot.id);
  expect(first.packages.map(({ name }) => name)).toEqual(["clock", "steady"]);
  expect(first.executables).toEqual(["/usr/bin/tool"]);
  const second = (await api.refresh(profile.slug)).snapshot;
  expect(await api.ended(second.id)).toMatchObject({ status: "ready" });
  const now = await api.inventory(second.id);
  const versionOf = (inventory: typeof now) => inventory.packages[0]?.version ?? "";
  expect(versionOf(now)).not.toBe(versionOf(first));

  await page.goto(`/profiles/${profile.slug}`);
  await page.getByRole("link", { name: "What changed in #2" }).click();
  await expect(page.getByRole("heading", { name: "What changed in #2" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Snapshot to compare with" })).toContainText("#1");
  await expect(row(page, "clock")).toContainText("Changed");
  await expect(row(page, "clock")).toContainText(versionOf(first));
  await expect(row(page, "clock")).toContainText(versionOf(now));
  await expect(row(page, "steady")).toHaveCount(0);
  await expectAccessible(page, "what changed");

  await page.goto(`/snapshots/${second.id}`);
  await expect(page.getByText("Changes since #1")).toBeVisible();
  await expect(page.getByText("1 package changed")).toBeVisible();
  await page.getByRole("link", { name: "Everything that is in it" }).click();
  await expect(page.getByRole("heading", { name: "What is in #2" })).toBeVisible();
  await expect(row(page, "steady")).toContainText("1.0");
  await page.getByRole("searchbox", { name: "Search packages and programs" }).fill("clo");
  await expect(row(page, "steady")).toHaveCount(0);
  await expect(row(page, "clock")).toBeVisible();
  await expect(page).toHaveURL(/q=clo/);
  await expectAccessible(page, "what is in it");
});

test("the first snapshot has nothing before it, and says so", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Only one");
  await api.inventory(snapshot.id);
  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(page.getByRole("heading", { name: "What is in it" })).toBeVisible();
  await expect(page.getByText("Changes since")).toHaveCount(0);
  await page.goto(`/snapshots/${snapshot.id}/compare`);
  await expect(page.getByText("There is no snapshot before #1 to compare it with.")).toBeVisible();
});
