/** What administrators and everybody can set. */
import { Api } from "./fixtures/api";
import { unique } from "./fixtures/names";
import { makePerson, password, signIn, trySignIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

test("a token works from when it is made until it is revoked, and is shown once", async ({ admin: page }) => {
  const name = unique("Nightly");
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "New token" }).click();
  const form = page.getByRole("dialog", { name: "New API token" });
  await form.getByRole("button", { name: "Create token" }).click();
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription(/Give the token a name/);
  await form.getByLabel("Name").fill(name);
  await form.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await form.getByRole("button", { name: "Create token" }).click();
  const made = page.getByRole("dialog", { name: "Copy the token now" });
  const token = await made.getByText(/^kiln_/).innerText();
  await made.getByRole("button", { name: "I have it" }).click();

  const api = new Api(token);
  expect((await api.ask("GET", "/profiles")).status).toBe(200);
  expect((await api.ask("POST", "/profiles", { body: { name: "No" } })).status).toBe(403);

  await page.reload();
  expect(await page.content()).not.toContain(token);
  const row = page.getByRole("table", { name: "API tokens" }).getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("viewer");
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await page
    .getByRole("alertdialog", { name: `Revoke ${name}?` })
    .getByRole("button", { name: "Revoke token" })
    .click();
  // The row leaves at once; the server's answer may still be on its way.
  await expect(row).toBeHidden();
  await expect.poll(async () => (await api.ask("GET", "/profiles")).status).toBe(401);
  const refused = await api.ask("GET", "/profiles");
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toContain("Bearer");
});

test("the theme is chosen in the menu, and is there before the page moves", async ({
  viewer: page,
  crew,
}) => {
  const { name } = await crew.person("viewer");
  await page.goto("/profiles");
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const html = await (await page.request.get("/profiles")).text();
  expect(html).toMatch(/<html[^>]* data-theme="dark"/);
});

test("an administrator makes a user, who signs in and is disabled again", async ({ admin, page, watch }) => {
  watch.expect(/401/);
  const name = unique("New colleague");
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@kiln.test`;
  await admin.goto("/settings/users");
  await admin.getByRole("button", { name: "New user" }).click();
  const form = admin.getByRole("dialog", { name: "New user" });
  await form.getByRole("button", { name: "Create user" }).click();
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription("Enter a name.");
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("E-mail").fill(email);
  await form.getByRole("combobox", { name: "Role" }).click();
  await admin.getByRole("option", { name: "Viewer" }).click();
  const first = await form.getByLabel("First password").inputValue();
  expect(first).toMatch(/^[\w-]{16}$/);
  await form.getByRole("button", { name: "Create user" }).click();
  await expect(admin.getByText(`${name} can sign in.`)).toBeVisible();
  const row = admin.getByRole("main").getByRole("listitem").filter({ hasText: email });
  await expect(row).toBeVisible();

  await page.goto("/sign-in");
  await trySignIn(page, email, first);
  await expect(page).toHaveURL("/profiles");

  await row.getByRole("combobox", { name: `Role of ${name}` }).click();
  await admin.getByRole("option", { name: "Operator" }).click();
  await expect(row.getByRole("combobox")).toHaveText("Operator");
  // The new choice is shown at once; the server's answer may still be on its way.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("button", { name: "New profile" }).first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });

  await row.getByRole("button", { name: `Disable ${name}` }).click();
  await expect(row.getByText("Disabled")).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in/);

  // The same address can't be used twice.
  await admin.getByRole("button", { name: "New user" }).click();
  await form.getByLabel("Name").fill("Somebody else");
  await form.getByLabel("E-mail").fill(email);
  await form.getByRole("button", { name: "Create user" }).click();
  await expect(form.getByLabel("E-mail")).toHaveAccessibleDescription("This e-mail is taken.");
});

test("a changed password ends the other sign-ins", async ({ page, browser, watch }) => {
  watch.expect(/401/);
  const person = await makePerson("viewer");
  await signIn(page, person);
  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, person);

  await page.goto("/settings");
  await expect(page.getByRole("listitem").filter({ hasText: /Chrome on/ })).toHaveCount(2);
  const change = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not my password", "a new and longer one");
  await expect(page.getByLabel("Current password")).toHaveAccessibleDescription("This is not your password.");
  await change(password, "short");
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/Use at least 12 characters/);
  await change(password, "a new and longer one");
  await expect(page.getByText("The password is changed.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /Chrome on/ })).toHaveCount(1);

  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
  await trySignIn(there, person.email, password);
  await expect(there.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();
  await trySignIn(there, person.email, "a new and longer one");
  await expect(there).toHaveURL("/profiles");
  await elsewhere.close();
});
