/** A persistent session in the dashboard: allowed, started, written to, stopped, moved and deleted. */
import { expect, test } from "./fixtures/test";

test("a folder outlives stopping and moving, and goes only with the session's name", async ({
  operator: page,
  admin,
  api,
}) => {
  test.slow();
  await admin.goto("/settings/sandboxes");
  const allow = admin.getByRole("switch", { name: "Allow persistent sessions" });
  if ((await allow.getAttribute("aria-checked")) !== "true") await allow.click();
  await expect(allow).toBeChecked();

  const { slug } = await api.makeProfile("Keeps", {
    setupScript: "mkdir /kept && echo first > /kept/file\n",
  });
  await page.goto(`/profiles/${slug}/draft`);
  const folders = page.getByLabel("Persistent folders");
  await folders.fill("/kept\n/proc");
  await expect(folders).toHaveAccessibleDescription(/Line 2: Use another folder: \/proc is/);
  await folders.fill("/kept");
  await expect.poll(async () => (await api.draft(slug)).spec.persistentPaths).toEqual(["/kept"]);
  await page.goto(`/profiles/${slug}`);
  const { snapshot } = await api.publish(slug);
  await api.reached(snapshot.id, "ready");

  await page.getByRole("button", { name: "Start session" }).click();
  const dialog = page.getByRole("dialog", { name: /^Start a session of/ });
  await dialog.getByLabel("Name").fill(`${slug}-mine`);
  await dialog.getByRole("checkbox", { name: /^Persistent/ }).click();
  await dialog.getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\//);
  const open = (tab: string) => page.getByRole("tab", { name: tab }).click();
  await open("Details");
  const panel = page.getByRole("region", { name: "What persists" });
  await expect(panel.getByText("/kept", { exact: true })).toBeVisible();

  const shell = page.getByLabel("Shell command");
  const says = page.getByRole("log", { name: "Commands and their output" });
  const run = async (command: string, expected: string) => {
    await open("Commands");
    await expect(shell).toBeEnabled({ timeout: 30_000 });
    await shell.fill(command);
    await shell.press("Enter");
    await expect(says.getByText(expected, { exact: true }).last()).toBeVisible({ timeout: 20_000 });
  };
  await run("cat /kept/file; echo mine > /kept/file; touch /elsewhere; echo written", "written");

  await page.getByRole("button", { name: /^Stop/ }).click();
  await page.getByRole("button", { name: /^Resume/ }).click({ timeout: 30_000 });
  await run('echo "still $(cat /kept/file)"', "still mine");

  await test.step("it moves onto a newer snapshot", async () => {
    const newer = await api.refresh(slug, 1);
    await api.reached(newer.snapshot.id, "ready");
    await open("Details");
    await panel.getByRole("button", { name: "Move to the newest snapshot" }).click();
    const asked = page.getByRole("alertdialog", { name: /^Move .* to snapshot #2\?$/ });
    await expect(asked).toContainText("/kept stays as it is.");
    await asked.getByRole("button", { name: "Move session" }).click();
    await expect(page.getByRole("link", { name: "#2", exact: true })).toBeVisible({ timeout: 30_000 });
    await run('echo "moved $(cat /kept/file) $(ls /elsewhere 2>/dev/null)."', "moved mine .");
  });

  await page.getByRole("link", { name: "Sessions", exact: true }).first().click();
  await expect(page.getByRole("row").filter({ hasText: `${slug}-mine` })).toContainText("persistent");
  await page.getByRole("link", { name: `${slug}-mine` }).click();
  await page.getByRole("button", { name: "Delete session" }).click();
  const asked = page.getByRole("alertdialog", { name: `Delete session ${slug}-mine?` });
  await expect(asked.getByRole("button", { name: "Delete session" })).toBeDisabled();
  await asked.getByLabel(`Type ${slug}-mine to confirm`).fill(`${slug}-mine`);
  await asked.getByRole("button", { name: "Delete session" }).click();
  await expect(page).toHaveURL("/sessions");
  await expect(page.getByRole("link", { name: `${slug}-mine` })).toHaveCount(0);
});
