/** A session's files in the browser: looked at, uploaded, replaced, downloaded, deleted. */
import { text } from "node:stream/consumers";
import { expect, test } from "./fixtures/test";

test("files are uploaded, read, replaced only when told to, downloaded and deleted", async ({
  operator: page,
  api,
  watch,
}) => {
  watch.expect(/404 .*nowhere/);
  const { profile } = await api.publishReady("Files");
  const session = await api.startSession(profile.slug);
  await page.goto(`/sessions/${session.id}?tab=files&path=/tmp`);
  const files = page.getByRole("table", { name: "Files" });
  await expect(files).toBeVisible();
  const chooser = page.getByLabel("Files to upload");
  const upload = (...contents: Array<[string, string]>) =>
    chooser.setInputFiles(
      contents.map(([name, content]) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) })),
    );

  await upload(["first note.txt", "<b>one</b>\n"], ["second.txt", "two\n"]);
  await expect(files.getByRole("button", { name: "second.txt", exact: true })).toBeVisible();
  await files.getByRole("button", { name: "first note.txt", exact: true }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByText("<b>one</b>")).toBeVisible();
  await page.keyboard.press("Escape");

  await upload(["second.txt", "replaced\n"]);
  const question = page.getByRole("alertdialog", { name: "Replace second.txt?" });
  await question.getByRole("button", { name: "Replace" }).click();
  await expect(question).toBeHidden();
  const download = page.waitForEvent("download");
  await files.getByRole("link", { name: "Download second.txt" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe("second.txt");
  await expect.poll(async () => text(await saved.createReadStream())).toBe("replaced\n");

  await files.getByRole("button", { name: "Delete first note.txt" }).click();
  await page.getByRole("button", { name: "Delete file" }).click();
  await expect(files.getByRole("button", { name: "first note.txt", exact: true })).toBeHidden();
  await files.getByRole("button", { name: "The folder above" }).click();
  await expect(page.getByRole("textbox", { name: "Folder" })).toHaveValue("/");
  // What is typed while another folder comes stays.
  const release = Promise.withResolvers<void>();
  await page.route(/entries\?path=%2Fetc/, async (route) => {
    await release.promise;
    await route.continue();
  });
  await files.getByRole("button", { name: "etc (folder)" }).click();
  await expect(page).toHaveURL(/path=\/etc/);
  await page.getByRole("textbox", { name: "Folder" }).fill("/nowhere");
  release.resolve();
  await expect(files.getByRole("button", { name: "passwd", exact: true })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Folder" })).toHaveValue("/nowhere");
  await page.keyboard.press("Enter");
  await expect(page.getByText("There is no /nowhere in the session.")).toBeVisible();
  await page.getByRole("button", { name: "Go to the working folder" }).click();
  await expect(files).toBeVisible();
});
