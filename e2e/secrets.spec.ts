/** A secret's life: stored, named by a draft, used by a build, rotated, deleted; and its value nowhere. */
import { randomBytes } from "node:crypto";
import { expect, test } from "./fixtures/test";

const unique = () => `E2E_${randomBytes(4).toString("hex").toUpperCase()}`;

test("from a new secret to a snapshot that is marked when it is rotated", async ({ operator: page, api }) => {
  const name = unique();
  const value = `first line/${randomBytes(12).toString("hex")}\nsecond line/${randomBytes(12).toString("hex")}`;
  const bodies: string[] = [];
  page.on("response", async (response) => {
    // One that was cut off by a move to another page has no body to look at.
    const body = await response.text().catch(() => "");
    bodies.push(body);
  });

  await page.goto("/settings/secrets");
  await page.getByRole("button", { name: "New secret" }).click();
  const form = page.getByRole("dialog", { name: "New secret" });
  await form.getByLabel("Name").fill("1-WRONG");
  await form.getByLabel("Value").fill("short");
  await form.getByRole("button", { name: "Store secret" }).click();
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription(/Use letters, digits and _/);
  await expect(form.getByLabel("Value")).toHaveAccessibleDescription(/Use at least 8 characters/);
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Value").fill(value);
  await form.getByRole("button", { name: "Store secret" }).click();
  const row = page.getByRole("table", { name: "Secrets" }).getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("nothing");

  const { slug } = await api.makeProfile("With secret", {
    setupScript: `echo "got $${name}"; echo "$${name}" | base64 | tr -d '\\n'; echo`,
  });
  await page.goto(`/profiles/${slug}/draft`);
  const box = page.getByRole("checkbox", { name });
  await box.click();
  await expect(box).toBeChecked();
  await page.getByRole("button", { name: "Publish version 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Publish version 1" });
  await expect(sheet).toContainText(name);
  await sheet.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByRole("link", { name: "Follow it" }).click();
  await expect(page.getByText("Ready: new sessions can start")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("got ***")).toBeVisible();

  await page.goto("/settings/secrets");
  await expect(row).toContainText(`${slug} v1`);
  await row.getByRole("button", { name: `Delete ${name}` }).click();
  const asked = page.getByRole("alertdialog", { name: `Delete ${name}?` });
  await asked.getByRole("button", { name: "Delete secret" }).click();
  await expect(asked).toContainText(`${name} is named by ${slug} version 1.`);
  await asked.getByRole("button", { name: "Keep it" }).click();

  await row.getByRole("button", { name: `Rotate ${name}` }).click();
  const rotation = page.getByRole("dialog", { name: `Rotate ${name}` });
  await rotation.getByLabel("Value").fill(`${value}, another`);
  await rotation.getByRole("button", { name: "Rotate secret" }).click();
  await expect(rotation).toBeHidden();
  await page.goto(`/profiles/${slug}`);
  await expect(page.getByText(`Built with a secret that was rotated: ${name}.`)).toBeVisible();
  const [snapshot] = await api.snapshots(slug);
  await page.goto(`/snapshots/${snapshot?.id}`);
  await expect(page.getByText(`Built with a secret that was rotated: ${name}.`)).toBeVisible();

  const told = await Promise.all(
    [
      "/secrets?limit=100",
      `/profiles/${slug}`,
      `/profiles/${slug}/versions/1`,
      `/snapshots/${snapshot?.id}`,
      `/snapshots/${snapshot?.id}/log`,
    ].map(async (path) => (await api.ask("GET", path)).text()),
  );
  for (const line of value.split("\n")) {
    for (const body of [...bodies, ...told]) expect(body).not.toContain(line);
    expect(await page.content()).not.toContain(line);
  }
});

test("a draft that names what isn't there says so beside the choice, and isn't published", async ({
  operator: page,
  api,
}) => {
  const name = unique();
  const { slug } = await api.makeProfile("Missing secret", { secrets: [name] });
  await page.goto(`/profiles/${slug}/draft`);
  await expect(page.getByRole("alert").filter({ hasText: `There is no secret ${name}.` })).toBeVisible();
  const refused = await api.ask("POST", `/profiles/${slug}/publish`, { body: {} });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ code: "unknown_secret", errors: [{ path: "secrets.0" }] });
});

test("a viewer sees names and can change nothing", async ({ viewer: page, api }) => {
  const name = unique();
  const put = await api.ask("PUT", `/secrets/${name}`, { body: { value: "something to hide" } });
  expect(put.status).toBe(201);
  await page.goto("/settings/secrets");
  await expect(page.getByRole("row").filter({ hasText: name })).toBeVisible();
  await expect(page.getByRole("main").getByRole("button", { name: /New|Rotate|Delete/ })).toHaveCount(0);
  expect(await page.content()).not.toContain("something to hide");
  expect((await api.ask("DELETE", `/secrets/${name}`)).status).toBe(204);
});

test("a repository gets its secret in the draft: shown in the diff and in the version, and not given to the setup", async ({
  operator: page,
  api,
}) => {
  const name = unique();
  await api.ask("PUT", `/secrets/${name}`, { body: { value: `value of ${name}` } });
  const { slug } = await api.makeProfile("Private", {
    network: "bridge",
    repositories: [{ url: "https://repository.invalid/team/project.git", path: "/src" }],
  });
  await page.goto(`/profiles/${slug}/draft`);
  await page.getByRole("combobox", { name: "Secret of repository 1" }).click();
  await page.getByRole("option", { name: `secret ${name}` }).click();
  await expect.poll(async () => (await api.draft(slug)).spec.repositories[0]?.secret).toBe(name);
  expect((await api.draft(slug)).spec.secrets).toEqual([]);
  await page.getByLabel("Address of repository 1").fill("git://repository.invalid/project");
  await expect(page.getByText("A git:// address takes no secret: use https or ssh.")).toBeVisible();
  await page.getByLabel("Address of repository 1").fill("https://repository.invalid/project");
  await page.getByRole("button", { name: "Publish version 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Publish version 1" });
  await expect(sheet).toContainText(`https://repository.invalid/project, with the secret ${name}`);
  await sheet.getByRole("button", { name: "Publish version 1" }).click();
  await page.goto(`/profiles/${slug}?v=1`);
  await expect(page.getByText(`https://repository.invalid/project, with the secret ${name}`)).toBeVisible();
  expect((await api.ask("DELETE", `/secrets/${name}`)).status).toBe(409);
});
