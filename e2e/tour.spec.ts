/** The way of the product, from an empty form to an output in a sandbox. */
import { containersOf } from "./fixtures/docker";
import { smallImage } from "./fixtures/environment";
import { unique } from "./fixtures/names";
import { gate, openGate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const lastPart = (url: string) => new URL(url).pathname.split("/").at(-1) ?? "";

test("create, publish, watch it being made, start a session, run a command, stop, delete", async ({
  operator: page,
  api,
}) => {
  // The longest way there is.
  test.slow();
  const name = unique("Tour");
  const slug = name.toLowerCase().replace(" ", "-");
  const script = `echo "$GREETING, first"\n${gate()}\necho second > /made\ncat /made`;

  await test.step("a new profile starts with a draft", async () => {
    await page.goto("/profiles");
    await page.getByRole("banner").getByRole("button", { name: "New profile" }).click();
    const form = page.getByRole("dialog", { name: "New profile" });
    await expect(form.getByLabel("Name")).toBeFocused();
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Description").fill("Made by the tour");
    await form.getByRole("button", { name: "Create profile" }).click();
    await expect(page).toHaveURL(`/profiles/${slug}/draft`);
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  });

  await test.step("what is typed into the draft is saved by itself", async () => {
    await page.getByLabel("Base image").fill(smallImage);
    await page.getByRole("combobox", { name: "Network" }).click();
    await page.getByRole("option", { name: "None" }).click();
    await page.getByRole("button", { name: "Add variable" }).click();
    await page.getByLabel("Name of variable 1").fill("GREETING");
    await page.getByLabel("Value of variable 1").fill("good morning");
    await page.getByRole("button", { name: "Add file" }).click();
    await page.getByLabel("Path of file 1").fill("/etc/greeting");
    await page.getByLabel("Content of file 1").fill("from a file\n");
    await page.getByRole("textbox", { name: "Setup script" }).click();
    await page.keyboard.type(script);
    await expect(page.getByText(/^Saved/)).toBeVisible();
    const { spec } = await api.draft(slug);
    expect(spec).toMatchObject({
      baseImage: smallImage,
      network: "none",
      setupScript: script,
      env: { GREETING: "good morning" },
      files: [{ path: "/etc/greeting", content: "from a file\n", mode: "0644" }],
    });
  });

  await test.step("publishing shows what the version is, and takes notes", async () => {
    await page.getByRole("button", { name: "Publish version 1" }).click();
    const sheet = page.getByRole("dialog", { name: "Publish version 1" });
    await expect(sheet.getByRole("heading", { name: "What the first version is" })).toBeVisible();
    await expect(sheet.getByRole("region", { name: "Setup script of the draft" })).toContainText(
      "echo second > /made",
    );
    await expect(sheet.getByRole("definition").filter({ hasText: "good morning" })).toBeVisible();
    await sheet.getByLabel("Notes").fill("The very first one");
    await sheet.getByRole("button", { name: "Publish version 1" }).click();
    await expect(page).toHaveURL(`/profiles/${slug}`);
    const row = page.getByRole("listitem").filter({ hasText: "Version 1" });
    await expect(row).toContainText("Still being prepared.");
    await expect(row).toContainText("The very first one");
  });

  api.adopt(slug);
  let snapshotId = "";
  await test.step("its log is live", async () => {
    await page.getByRole("link", { name: "Follow it" }).click();
    await expect(page).toHaveURL(/\/snapshots\//);
    snapshotId = lastPart(page.url());
    const log = page.getByRole("log", { name: `Log of #1 ${slug}` });
    await expect(log.getByText("good morning, first")).toBeVisible({ timeout: 30_000 });
    await expect(log.getByText("second", { exact: true })).toBeHidden();
    await openGate(snapshotId);
    await expect(log.getByText("second", { exact: true })).toBeVisible();
    await expect(page.getByText("Serving", { exact: true })).toBeVisible({ timeout: 20_000 });
    await expect(page).toHaveTitle(`✓ Ready · #1 ${slug}`);
  });

  await test.step("the version says that sessions can start", async () => {
    await page.getByRole("main").getByRole("link", { name, exact: true }).click();
    const row = page.getByRole("listitem").filter({ hasText: "Version 1" });
    await expect(row).toContainText("New sessions can start.");
    await expect(row.getByRole("link", { name: "Snapshot 1" })).toHaveAttribute(
      "href",
      `/snapshots/${snapshotId}`,
    );
  });

  await test.step("a session starts, and runs what is typed", async () => {
    await page.getByRole("button", { name: "Start session" }).click();
    await expect(page).toHaveURL(/\/sessions\//);
    await page.getByRole("tab", { name: "Commands" }).click();
    const shell = page.getByLabel("Shell command");
    await expect(shell).toBeEnabled({ timeout: 20_000 });
    await shell.fill('echo "$GREETING"; cat /etc/greeting /made; pwd');
    await shell.press("Enter");
    const output = page.getByRole("log", { name: "Commands and their output" });
    await expect(output.getByText("exit 0")).toBeVisible();
    for (const line of ["good morning", "from a file", "second", "/workspace"])
      await expect(output.getByText(line, { exact: true })).toBeVisible();

    await shell.fill("no-such-command");
    await shell.press("Enter");
    await expect(output.getByText("exit 127")).toBeVisible();
    await expect(output.getByText(/no-such-command: not found/)).toBeVisible();
  });

  const stop = async () => {
    await page.getByRole("button", { name: "Stop session" }).click();
    await expect(page.getByRole("main").getByText("stopped", { exact: true })).toBeVisible({
      timeout: 15_000,
    });
    await expect(page.getByLabel("Shell command")).toBeDisabled();
  };

  await test.step("kept longer, stopped, and taken up again with its files", async () => {
    const main = page.getByRole("main");
    await expect(main.getByText("Ends in 8 h")).toBeVisible();
    await page.getByRole("button", { name: "Keep 1 h more" }).click();
    await expect(main.getByText("Ends in 9 h")).toBeVisible();
    const shell = page.getByLabel("Shell command");
    await shell.fill("echo mine > /tmp/mine");
    await shell.press("Enter");
    await expect(page.getByRole("log").getByText("exit 0")).toHaveCount(2);
    await shell.fill("echo early; until [ -e /tmp/go ]; do sleep 0.1; done; echo late");
    await shell.press("Enter");
    // Shown while it runs, and not at its end.
    await expect(page.getByRole("log").getByText("early", { exact: true })).toBeVisible();
    await api.exec(lastPart(page.url()), "touch", "/tmp/go");
    await expect(page.getByRole("log").getByText("late", { exact: true })).toBeVisible();
    await stop();
    await expect(
      main.getByText(/Its files are kept. Unless it is resumed, it is deleted in 7 d/),
    ).toBeVisible();
    await page.getByRole("button", { name: "Resume session" }).click();
    await expect(shell).toBeEnabled({ timeout: 20_000 });
    await shell.fill("cat /tmp/mine");
    await shell.press("Enter");
    await expect(page.getByRole("log").getByText("mine", { exact: true })).toBeVisible();
  });

  await test.step("stopped and deleted, nothing of it is left", async () => {
    const sessionId = lastPart(page.url());
    expect(await containersOf(sessionId)).toHaveLength(1);
    await stop();

    await page.getByRole("button", { name: "Delete session" }).click();
    const question = page.getByRole("alertdialog");
    await expect(question).toContainText("every file in it go for good");
    await question.getByRole("button", { name: "Delete session" }).click();
    await expect(page).toHaveURL("/sessions");
    expect((await api.ask("GET", `/sessions/${sessionId}`)).status).toBe(404);
    await expect.poll(() => containersOf(sessionId)).toEqual([]);
  });
});
