/** The draft while it is written: what is wrong is said beside it, and nothing that was typed is lost. */
import { expect, test } from "./fixtures/test";

test("each wrong field says what is wrong, and Publish counts them", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Wrong");
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByLabel("Base image").fill("Not An Image");
  await page.getByLabel("Working directory").fill("relative/path");
  await page.getByLabel("CPUs").fill("0");
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 1").fill("1-NAME");
  await page.getByLabel("Value of variable 1").fill("kept");

  const wrong: Array<[field: string, words: RegExp]> = [
    ["Base image", /Write an image reference such as debian:bookworm-slim/],
    ["Working directory", /Start the path with a slash/],
    ["CPUs", /Use at least 0.1 CPU/],
    ["Name of variable 1", /Use letters, digits and _, not starting with a digit/],
  ];
  for (const [field, words] of wrong) {
    await expect(page.getByLabel(field)).toHaveAccessibleDescription(words);
    await expect(page.getByLabel(field)).toHaveAttribute("aria-invalid", "true");
  }
  await expect(page.getByRole("main").getByText("Not saved: 4 fields need attention")).toBeVisible();
  await expect(page.getByRole("banner").getByText("4 fields need attention")).toBeVisible();
  const publish = page.getByRole("button", { name: "Publish version 1" });
  await expect(publish).toBeDisabled();
  await expect(publish).toHaveAccessibleDescription("Put the marked fields right first.");

  await page.getByLabel("Base image").fill("debian:bookworm-slim");
  await page.getByLabel("Working directory").fill("/srv");
  await page.getByLabel("CPUs").fill("0.5");
  await page.getByLabel("Name of variable 1").fill("NAME");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await expect(publish).toBeEnabled();
  const { spec } = await api.draft(slug);
  expect(spec).toMatchObject({ baseImage: "debian:bookworm-slim", workdir: "/srv", env: { NAME: "kept" } });
  expect(spec.resources.cpus).toBe(0.5);
});

test("a name that is there twice, and a file without a slash", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Twice", { env: { ONE: "1" } });
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 2").fill("ONE");
  await page.getByRole("button", { name: "Add file" }).click();
  await page.getByLabel("Path of file 1").fill("etc/motd");
  await expect(page.getByLabel("Name of variable 2")).toHaveAccessibleDescription(
    "This name is in the list twice.",
  );
  await expect(page.getByLabel("Path of file 1")).toHaveAccessibleDescription(/Start the path with a slash/);
  await page.getByRole("button", { name: "Remove etc/motd" }).click();
  await page.getByLabel("Name of variable 2").fill("TWO");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec).toMatchObject({ env: { ONE: "1", TWO: "" }, files: [] });
});

test("a pasted .env fills as many rows as it has", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Pasted");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/profiles/${slug}/draft`);
  await page.evaluate(() => navigator.clipboard.writeText("# ours\nexport A=1\nB='two words'\n\nC=x=y\n"));
  await page.getByRole("button", { name: "Add variable" }).click();
  await page.getByLabel("Name of variable 1").press("ControlOrMeta+v");
  await expect(page.getByLabel("Value of variable 3")).toHaveValue("x=y");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec.env).toEqual({ A: "1", B: "two words", C: "x=y" });
});

test("a script that is too large, or holds a NUL, is refused in words and kept on the page", async ({
  operator: page,
  api,
}) => {
  const { slug } = await api.makeProfile("Large");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/profiles/${slug}/draft`);
  const editor = page.getByRole("textbox", { name: "Setup script" });
  const paste = async (text: string) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await editor.press("ControlOrMeta+a");
    await editor.press("ControlOrMeta+v");
  };
  await paste("echo a line that is repeated\n".repeat(9_100));
  await expect(page.getByRole("alert").filter({ hasText: "Use at most 256 KiB" })).toBeVisible();
  await expect(page.getByText(/9,?100 lines/)).toBeVisible();
  await paste("echo fine\n");
  await expect(page.getByText(/^Saved/)).toBeVisible();

  for (const [setupScript, words] of [
    ["echo \0", "Remove the NUL character"],
    ["x".repeat(256 * 1024 + 1), "Use at most 256 KiB"],
  ] as const) {
    const answer = await api.ask("PUT", `/profiles/${slug}/draft`, {
      body: { baseImage: "debian", setupScript },
    });
    expect(answer.status).toBe(422);
    const problem = (await answer.json()) as { errors: Array<{ path: string; message: string }> };
    expect(problem.errors).toMatchObject([{ path: "setupScript", message: expect.stringContaining(words) }]);
  }
  expect((await api.draft(slug)).spec.setupScript).toBe("echo fine\n");
});

test("a reload brings back what could not be saved yet", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Reload");
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByLabel("Check command").fill("true");
  await page.getByLabel("Memory").fill("lots");
  await expect(page.getByText("Not saved: 1 field needs attention")).toBeVisible();
  const asked = page.waitForEvent("dialog");
  const reloaded = page.reload();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.accept();
  await reloaded;
  await expect(page.getByLabel("Memory")).toHaveValue("lots");
  await expect(page.getByLabel("Memory")).toHaveAccessibleDescription(/Enter a whole number/);
  await expect(page.getByLabel("Check command")).toHaveValue("true");
  await page.getByLabel("Memory").fill("64");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec).toMatchObject({ check: "true", resources: { memoryMb: 64 } });
});

test("leaving with something unsaved asks first", async ({ operator: page, api }) => {
  const { slug } = await api.makeProfile("Leaving");
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByLabel("Processes").fill("none");
  await expect(page.getByText("Not saved: 1 field needs attention")).toBeVisible();
  await page.getByRole("link", { name: "Snapshots", exact: true }).click();
  const question = page.getByRole("alertdialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByLabel("Processes")).toHaveValue("none");

  // Between the profile's own tabs nothing is asked, and nothing is lost.
  await page.getByRole("navigation", { name: "Profile" }).getByRole("link", { name: "Versions" }).click();
  await expect(page.getByText("No version is published yet.")).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel("Processes")).toHaveValue("none");

  await page.getByRole("link", { name: "Snapshots", exact: true }).click();
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL("/snapshots");
});
