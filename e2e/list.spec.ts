/** Finding things: search, pages, archives, the palette, and addresses that lead nowhere. */
import { unique } from "./fixtures/names";
import { expect, test } from "./fixtures/test";

test("search is in the address, and back brings the list back", async ({ viewer: page, api }) => {
  const profile = await api.makeProfile("Needle");
  await page.goto("/profiles");
  const search = page.getByRole("searchbox", { name: "Search profiles" });
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await page.keyboard.type(profile.slug);
  await expect(page).toHaveURL(`/profiles?q=${profile.slug}`);
  const rows = page.getByRole("table", { name: "Profiles" }).getByRole("row");
  await expect(rows).toHaveCount(2);

  await page.getByRole("link", { name: profile.name }).click();
  await expect(page.getByRole("heading", { name: profile.name, level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Search profiles" })).toHaveValue(profile.slug);
  await expect(rows).toHaveCount(2);

  await page.getByRole("searchbox").fill(`${profile.slug} not`);
  await expect(
    page.getByRole("heading", { name: `No profile matches “${profile.slug} not”.` }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Show all in use" }).click();
  await expect(page).toHaveURL("/profiles");
});

test("pages of the list are in the address", async ({ viewer: page, api }) => {
  const word = unique("many").replace(" ", "");
  const names = Array.from({ length: 27 }, (_profile, index) => `${word} ${index}`);
  for (const name of names) await api.makeProfile(name);
  await page.goto(`/profiles?q=${word}`);
  const rows = page.getByRole("table", { name: "Profiles" }).getByRole("row").filter({ hasText: word });
  await expect(rows).toHaveCount(25);
  // Newest first.
  await expect(rows.first()).toContainText(`${word} 26`);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("button", { name: "Older" }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText(`${word} 0`);
  await expect(page).toHaveURL(/cursor=/);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.goBack();
  await expect(rows).toHaveCount(25);
});

test("archiving asks first, takes the profile out of the list, and can be taken back", async ({
  operator: page,
  api,
}) => {
  const { profile } = await api.publishReady("Archive");
  const rows = page
    .getByRole("table", { name: "Profiles" })
    .getByRole("row")
    .filter({ hasText: profile.name });
  await page.goto(`/profiles?q=${profile.slug}`);
  const menu = async (item: string) => {
    await page.getByRole("button", { name: `Actions for ${profile.name}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  const question = page.getByRole("alertdialog", { name: `Archive ${profile.name}?` });

  // Not while somebody works in it.
  const session = await api.startSession(profile.slug);
  await menu("Archive");
  await question.getByRole("button", { name: "Archive profile" }).click();
  await expect(question.getByRole("alert")).toHaveText(
    "1 of its sessions are still running. Stop them, then archive the profile.",
  );
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(question).toBeHidden();
  await api.ask("DELETE", `/sessions/${session.id}`);

  await menu("Archive");
  await question.getByRole("button", { name: "Archive profile" }).click();
  await expect(page.getByText(`${profile.name} is archived.`)).toBeVisible();
  await expect(rows).toHaveCount(0);
  await page.getByRole("button", { name: "Archived" }).click();
  await expect(page).toHaveURL(/archived=true/);
  await expect(rows).toHaveCount(1);

  // Everything of it can still be read, and nothing of it be done.
  await rows.getByRole("link", { name: profile.name }).click();
  const start = page.getByRole("button", { name: "Start session" });
  await expect(start).toHaveAccessibleDescription(
    "The profile is archived. Bring it back to start sessions.",
  );
  await expect(page.getByRole("button", { name: /^Refresh/ })).toHaveCount(0);
  expect((await api.ask("POST", "/sessions", { body: { profile: profile.slug } })).status).toBe(409);
  expect((await api.ask("POST", `/profiles/${profile.slug}/versions/1/refresh`)).status).toBe(409);

  await page.getByRole("navigation", { name: "Profile" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText(`${profile.name} is back in use.`)).toBeVisible();
  await expect(start).toBeEnabled();
});

test("the palette finds profiles and places, and the keyboard goes there", async ({
  operator: page,
  api,
}) => {
  const profile = await api.makeProfile("Palette");
  await page.goto("/hosts");
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Find a page, a profile or an action" });
  await palette.getByRole("combobox").fill(profile.slug);
  await expect(palette.getByRole("option").filter({ hasText: profile.name })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/profiles/${profile.slug}`);
  await expect(palette).toBeHidden();

  await page.getByRole("button", { name: "Find a page, a profile or an action" }).click();
  await palette.getByRole("combobox").fill("new pro");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New profile" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL("/profiles");
});

test("keys are told by a key, and go to places", async ({ viewer: page }) => {
  await page.goto("/profiles");
  await expect(page.getByRole("searchbox")).toBeVisible();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toContainText("Go to snapshots");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page).toHaveURL("/sessions");
});

test("a profile is renamed, and keeps its address", async ({ operator: page, api }) => {
  const profile = await api.makeProfile("Before");
  const name = unique("After");
  await page.goto(`/profiles/${profile.slug}/settings`);
  const save = page.getByRole("button", { name: "Save changes" });
  await expect(save).toBeDisabled();
  await page.getByLabel("Name", { exact: true }).fill("");
  await save.click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(
    "Give the profile a name.",
  );
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Description").fill("Another one");
  await save.click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(`/profiles/${profile.slug}/settings`);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
});

test("an address that leads nowhere says so, and what was perhaps meant", async ({
  viewer: page,
  api,
  watch,
}) => {
  watch.expect(/404/);
  const profile = await api.makeProfile("Mistyped");
  const wrong = profile.slug.replace("mistyped", "mistpyed");
  await page.goto(`/profiles/${wrong}`);
  await expect(page.getByRole("heading", { name: `There is no profile “${wrong}”.` })).toBeVisible();
  await page.getByRole("link", { name: profile.name }).click();
  await expect(page).toHaveURL(`/profiles/${profile.slug}`);

  for (const path of ["/snapshots/00000000-0000-7000-8000-000000000000", "/sessions/nonsense", "/snapshot"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is nothing at this address." })).toBeVisible();
  }
  await page.getByRole("link", { name: "Snapshots" }).last().click();
  await expect(page).toHaveURL("/snapshots");
});
