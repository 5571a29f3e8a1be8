/** Where drafts come from, where they go, and who else may be writing. */
import { smallImage } from "./fixtures/environment";
import { expect, test } from "./fixtures/test";

const spec = { baseImage: smallImage };

test("of two tabs the second is told, and nothing that was typed is lost", async ({
  as,
  api,
  crew,
  line,
  watch,
}) => {
  watch.expect(/ERR_(CONNECTION|EMPTY|SOCKET|INCOMPLETE)/);
  const { slug } = await api.makeProfile("Two tabs", { setupScript: "echo old\n" });
  const [first, second] = [await as("operator"), await as("admin")];
  await first.goto(`/profiles/${slug}/draft`);
  await second.goto(`${line.url}/profiles/${slug}/draft`);
  for (const page of [first, second])
    await expect(page.getByRole("textbox", { name: "Setup script" })).toBeVisible();

  // The second has no connection while the first saves.
  line.cut();
  await second.getByLabel("Check command").fill("echo mine");
  await expect(second.getByText(/^Not saved: Kiln can't be reached/)).toBeVisible();
  await first.getByLabel("Check command").fill("echo theirs");
  await expect(first.getByText(/^Saved/)).toBeVisible();
  line.mend();

  const { name } = await crew.person("operator");
  const notice = second.getByRole("alert").filter({ hasText: `Changed in another tab by ${name}.` });
  await expect(notice).toBeVisible({ timeout: 20_000 });
  await expect(second.getByLabel("Check command")).toHaveValue("echo mine");
  await expect(second.getByRole("button", { name: "Publish version 1" })).toBeDisabled();
  expect((await api.draft(slug)).spec.check).toBe("echo theirs");

  await notice.getByRole("button", { name: "See both" }).click();
  const both = second.getByRole("dialog", { name: "Theirs and yours" });
  await expect(both.getByRole("region", { name: "Changes of Check" })).toContainText("deleted: echo theirs");
  await expect(both.getByRole("region", { name: "Changes of Check" })).toContainText("added: echo mine");
  await both.getByRole("button", { name: "Keep mine" }).click();
  await expect(second.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec).toMatchObject({ check: "echo mine", setupScript: "echo old\n" });

  // The first had nothing unsaved, so it moves along by itself.
  await expect(first.getByLabel("Check command")).toHaveValue("echo mine");
});

test("somebody else's change reaches a tab that has wrong fields; theirs can be taken", async ({
  operator: page,
  api,
}) => {
  const { slug } = await api.makeProfile("Take theirs");
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByLabel("CPUs").fill("many");
  await expect(page.getByText("Not saved: 1 field needs attention")).toBeVisible();
  await api.saveDraft(slug, { ...spec, workdir: "/theirs" });
  const notice = page.getByRole("alert").filter({ hasText: "Changed in another tab" });
  await notice.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByLabel("Working directory")).toHaveValue("/theirs");
  await expect(page.getByLabel("CPUs")).toHaveValue("2");
  await expect(notice).toBeHidden();
});

test("a draft that was published elsewhere can be saved as a new one", async ({
  operator: page,
  api,
  watch,
}) => {
  // The page finds out by asking for what isn't there any more.
  watch.expect(/404/);
  const { slug } = await api.makeProfile("Gone", { setupScript: "echo one\n" });
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByLabel("CPUs").fill("many");
  await expect(page.getByText("Not saved: 1 field needs attention")).toBeVisible();
  await api.publish(slug);
  await page.getByLabel("CPUs").fill("0.7");
  const notice = page.getByRole("alert").filter({ hasText: "published or discarded in another tab" });
  await notice.getByRole("button", { name: "Save as a new draft" }).click();
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec.resources.cpus).toBe(0.7);
  await expect(page.getByRole("button", { name: "Publish version 2" })).toBeEnabled();
});

test("a discarded draft is gone, and a version stays", async ({ operator: page, api }) => {
  const { profile } = await api.publishReady("Discard");
  await page.goto(`/profiles/${profile.slug}/draft`);
  await expect(page.getByText("There is no draft.")).toBeVisible();
  await page.getByRole("button", { name: "New draft from version 1" }).click();
  await expect(page.getByText("From version 1", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Discard draft" }).click();
  const question = page.getByRole("alertdialog", { name: "Discard this draft?" });
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "Discard draft" }).click();
  await question.getByRole("button", { name: "Discard draft" }).click();
  await expect(page).toHaveURL(`/profiles/${profile.slug}`);
  await expect(page.getByText("New sessions can start.")).toBeVisible();
  expect((await api.ask("GET", `/profiles/${profile.slug}/draft`)).status).toBe(404);
});

test("a new draft can start from an older version, and replaces another one only when told to", async ({
  operator: page,
  api,
}) => {
  const { profile } = await api.publishReady("Older", { setupScript: "echo one\n" });
  const second = await api.publishNext(profile.slug, { setupScript: "echo two\n" });
  await api.ended(second.snapshot.id);
  const editor = page.getByRole("textbox", { name: "Setup script" });

  await page.goto(`/profiles/${profile.slug}`);
  await page.getByRole("button", { name: "Actions for version 1" }).click();
  await page.getByRole("menuitem", { name: "New draft from version 1" }).click();
  await expect(page.getByText("From version 1", { exact: true })).toBeVisible();
  await expect(editor).toHaveText(/echo one/);

  await page.goto(`/profiles/${profile.slug}`);
  await page.getByRole("button", { name: "Actions for version 2" }).click();
  await page.getByRole("menuitem", { name: "New draft from version 2" }).click();
  const question = page.getByRole("alertdialog", { name: "Replace the draft?" });
  await question.getByRole("button", { name: "Keep the draft" }).click();
  await expect(question).toBeHidden();
  expect((await api.draft(profile.slug)).basedOn).toBe(1);

  await page.getByRole("button", { name: "Actions for version 2" }).click();
  await page.getByRole("menuitem", { name: "New draft from version 2" }).click();
  await question.getByRole("button", { name: "Replace with version 2" }).click();
  await expect(page.getByText("From version 2", { exact: true })).toBeVisible();
  await expect(editor).toHaveText(/echo two/);

  // Publishing names the next number, and says what is different from the newest.
  await page.getByLabel("Check command").fill("true");
  await page.getByRole("button", { name: "Publish version 3" }).click();
  const sheet = page.getByRole("dialog", { name: "Publish version 3" });
  await expect(sheet.getByRole("heading", { name: "What changes from version 2" })).toBeVisible();
  await expect(sheet.getByRole("region", { name: "Changes of Check" })).toContainText("added: true");
  await expect(sheet.getByRole("region", { name: "Changes of Setup script" })).toBeHidden();
  await sheet.getByRole("button", { name: "Not yet" }).click();
  await expect(sheet).toBeHidden();
});
