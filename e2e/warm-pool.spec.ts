/** Warm sandboxes in the dashboard: wanted in the settings, seen to wait, taken by a session, and gone again. */
import { poolSchema } from "@/lib/pool/wire";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

test("a session takes a warm sandbox and runs at once; another one takes its place", async ({
  operator: page,
  viewer,
  api,
}) => {
  test.slow();
  const { profile } = await api.publishReady("Warm", { resources: { cpus: 1, memoryMb: 128, pids: 64 } });
  const { slug } = profile;
  const pool = () => api.call(poolSchema, "GET", `/profiles/${slug}/pool`);

  await page.goto(`/profiles/${slug}/settings`);
  const size = page.getByLabel("Sandboxes kept warm");
  await size.fill("21");
  await page.getByRole("button", { name: "Save warm sandboxes" }).click();
  await expect(size).toHaveAccessibleDescription(/Keep at most 20/);
  await size.fill("2");
  await page.getByRole("button", { name: "Save warm sandboxes" }).click();
  const figures = page.getByRole("region", { name: "Warm sandboxes" });
  await expect(figures.getByText("2 of 2 warm", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(figures).toContainText(/of 268\.4 MB at most/);
  await expect(figures).toContainText(/of 2 CPUs at most/);
  await expect(figures).toContainText(/version 1, #1/);
  // A worker measures within its next looks; the page hears of it.
  await expect(figures.getByText("not measured yet")).toHaveCount(0, { timeout: 45_000 });
  await expectAccessible(page, "settings with a pool");

  await page.goto(`/profiles/${slug}/sessions`);
  await expect(page.getByText("2 of 2 warm: the next session runs at once.")).toBeVisible();
  await page.getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\//);
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText("from a warm sandbox")).toBeVisible();
  await page.getByRole("tab", { name: "Commands" }).click();
  const shell = page.getByLabel("Shell command");
  await expect(shell).toBeEnabled();
  await shell.fill("echo it runs");
  await shell.press("Enter");
  const says = page.getByRole("log", { name: "Commands and their output" });
  await expect(says.getByText("it runs", { exact: true }).last()).toBeVisible();
  await expect.poll(async () => (await pool()).ready, { timeout: 30_000 }).toBe(2);

  await test.step("somebody who may only look sees how many wait, and no button", async () => {
    await viewer.goto(`/profiles/${slug}/settings`);
    await expect(viewer.getByText("2 of 2 warm", { exact: true })).toBeVisible();
    await expect(viewer.getByRole("button", { name: "Save warm sandboxes" })).toHaveCount(0);
  });

  await test.step("at none they go", async () => {
    await page.goto(`/profiles/${slug}/settings`);
    await size.fill("0");
    await page.getByRole("button", { name: "Save warm sandboxes" }).click();
    await expect(figures).toHaveCount(0);
    await expect.poll(async () => (await pool()).ready).toBe(0);
  });
});
