/** A persistent session in the dashboard: allowed, started, written to, stopped, moved and deleted. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";

async function allowPersistence(admin: Page): Promise<void> {
  await admin.goto("/settings/sandboxes");
  const allow = admin.getByRole("switch", { name: "Allow persistent sessions" });
  if ((await allow.getAttribute("aria-checked")) !== "true") await allow.click();
  await expect(allow).toBeChecked();
}

test("a folder outlives stopping and moving, and goes only with the session's name", async ({
  operator: page,
  admin,
  api,
}) => {
  test.slow();
  await allowPersistence(admin);

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

test("a session moves to the version that is picked, and what it keeps goes along", async ({
  operator: page,
  admin,
  api,
}) => {
  test.slow();
  await allowPersistence(admin);
  const { profile } = await api.publishReady("Two versions", {
    setupScript: "mkdir /kept && echo 1 > /number\n",
    persistentPaths: ["/kept"],
  });
  const { slug } = profile;
  const session = await api.startSession(slug, { persistent: true });
  await api.exec(session.id, "sh", "-c", "echo mine > /kept/file; touch /elsewhere");
  const { snapshot } = await api.publishNext(slug, { setupScript: "mkdir /kept && echo 2 > /number\n" });
  await api.reached(snapshot.id, "ready");

  await page.goto(`/sessions/${session.id}?tab=details`);
  const opens = page.getByRole("button", { name: "Move to another version" });
  await opens.click();
  const dialog = page.getByRole("dialog", { name: "Move to another version" });
  await expect(dialog).toHaveAccessibleDescription(`${session.name} is on version 1.`);
  const confirm = dialog.getByRole("button", { name: "Move session" });
  await expect(confirm).toHaveAccessibleDescription(/on this version/);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opens).toBeFocused();

  await opens.click();
  await dialog.getByRole("combobox", { name: "Version" }).click();
  await page.getByRole("option", { name: /^Version 2/ }).click();
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/ version 2, started by /)).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await api.session(session.id)).status).toBe("running");
  expect(await api.session(session.id)).toMatchObject({ version: 2, snapshotId: snapshot.id, failure: null });
  const { stdout } = await api.exec(session.id, "sh", "-c", "cat /number /kept/file; ls /elsewhere 2>&1");
  expect(stdout).toMatch(/^2\nmine\n.*No such file/);
});
