/** What administrators and everybody can set. */
import { Api } from "./fixtures/api";
import { unique } from "./fixtures/names";
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
