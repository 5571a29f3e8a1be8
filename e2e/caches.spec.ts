/** Caches in the dashboard: named in a draft, filled by a build, shown with their size, and cleared. */
import { cacheSchema } from "@/lib/caches/wire";
import { pageOf } from "@/lib/page";
import { expect, test } from "./fixtures/test";

test("a cache: from the draft over the build to its size in the settings, and away again", async ({
  operator: page,
  viewer,
  api,
}) => {
  test.slow();
  const { slug } = await api.makeProfile("Cached", {
    setupScript: "dd if=/dev/zero of=/cache/tool/file bs=1M count=2\n",
  });
  await page.goto(`/profiles/${slug}/draft`);

  await test.step("a folder that can't be one is named by its line", async () => {
    const folders = page.getByLabel("Cached folders");
    await folders.fill("/cache/tool\n/proc/cpuinfo");
    await expect(folders).toHaveAccessibleDescription(/Line 2: Use another folder: \/proc is/);
    await folders.fill("/cache/tool\n/cache/other");
    await expect(page.getByText(/^Saved/)).toBeVisible();
    await page.getByLabel("Disk", { exact: true }).fill("500");
    await expect.poll(async () => (await api.draft(slug)).spec.resources.diskMb).toBe(500);
  });

  await page.getByRole("button", { name: "Publish version 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Publish version 1" });
  await expect(sheet.getByText("/cache/tool", { exact: true })).toBeVisible();
  await sheet.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByRole("link", { name: "Follow it" }).click();
  await expect(page.getByText("Caches: /cache/tool /cache/other")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Ready: new sessions can start")).toBeVisible({ timeout: 60_000 });

  await page.goto(`/profiles/${slug}/settings`);
  const row = page.getByRole("table", { name: "Caches" }).getByRole("row").filter({ hasText: "/cache/tool" });
  await expect(row).toContainText("2.1 MB", { timeout: 30_000 });
  await row.getByRole("button", { name: "Clear /cache/tool" }).click();
  const asked = page.getByRole("alertdialog", { name: "Clear /cache/tool?" });
  await asked.getByRole("button", { name: "Clear cache" }).click();
  await expect(row).toContainText(/Cleared/, { timeout: 30_000 });
  await expect(row).toContainText("0 B");

  await test.step("somebody who may only look sees sizes and no button", async () => {
    await viewer.goto(`/profiles/${slug}/settings`);
    await expect(viewer.getByRole("table", { name: "Caches" })).toContainText("/cache/other");
    await expect(viewer.getByRole("button", { name: /^Clear/ })).toHaveCount(0);
  });

  await test.step("all of them go by the API, so that none outlives the test", async () => {
    expect((await api.ask("DELETE", `/profiles/${slug}/caches`)).status).toBe(202);
    const asked = async () => {
      const { items } = await api.call(pageOf(cacheSchema), "GET", `/profiles/${slug}/caches`);
      return items.filter(({ clearRequestedAt }) => clearRequestedAt !== null).length;
    };
    await expect.poll(asked, { timeout: 30_000 }).toBe(0);
  });
});
