/** Who gets in, and who is out at once. */

import { takesOver } from "./fixtures/alive";
import { kilnUrl } from "./fixtures/environment";
import { unique } from "./fixtures/names";
import { makePerson, password, signIn, trySignIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

const refusal = "E-mail or password is wrong.";

test("a person signs in with their password", async ({ page }) => {
  const person = await makePerson("operator");
  await page.goto("/");
  await expect(page).toHaveURL("/sign-in");
  await trySignIn(page, person.email, password);
  await expect(page).toHaveURL("/profiles");
  await expect(page.getByRole("heading", { name: "Profiles", level: 1 })).toBeVisible();
  await takesOver(page);
  await page.getByRole("button", { name: new RegExp(person.name) }).click();
  await expect(page.getByText(`${person.email} · operator`)).toBeVisible();
});

test("a wrong password and an unknown person get the same words", async ({ page, watch }) => {
  watch.expect(/401/);
  const person = await makePerson("viewer");
  await page.goto("/sign-in");
  await trySignIn(page, person.email, "not the password");
  await expect(page.getByRole("alert").filter({ hasText: refusal })).toBeVisible();

  await page.reload();
  await trySignIn(page, `${unique("nobody").replace(" ", ".")}@kiln.test`, password);
  await expect(page.getByRole("alert").filter({ hasText: refusal })).toBeVisible();
  await expect(page).toHaveURL("/sign-in");
});

test("what isn't filled in is said beside the field", async ({ page }) => {
  await page.goto("/sign-in");
  await trySignIn(page, "not an address", "");
  await expect(page.getByLabel("E-mail")).toHaveAccessibleDescription("Enter your e-mail address.");
  await expect(page.getByLabel("Password")).toHaveAccessibleDescription("Enter your password.");
  await expect(page.getByLabel("E-mail")).toBeFocused();
});

test("after ten tries even the right password has to wait", async ({ page, watch }) => {
  watch.expect(/401/);
  const person = await makePerson("viewer");
  await page.goto("/sign-in");
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const answered = page.waitForResponse((response) => response.url().includes("/api/auth/callback/"));
    await trySignIn(page, person.email, `guess number ${attempt}`);
    expect((await answered).status()).toBe(401);
    await expect(page.getByRole("alert").filter({ hasText: refusal })).toBeVisible();
  }
  await trySignIn(page, person.email, password);
  await expect(
    page.getByRole("alert").filter({ hasText: "Too many tries. Wait five minutes" }),
  ).toBeVisible();
  await expect(page).toHaveURL("/sign-in");
});

test("the cookie is out of reach of scripts and of other sites", async ({ page, context }) => {
  await signIn(page, await makePerson("viewer"));
  const cookie = (await context.cookies()).find(({ name }) => name.includes("session-token"));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate("document.cookie")).not.toContain("session-token");
});

test("signing out ends the sign-in on the server: its cookie opens nothing any more", async ({
  page,
  browser,
  watch,
}) => {
  // The list may be on its way to be read again when the sign-in ends.
  watch.expect(/401/);
  const person = await makePerson("viewer");
  await signIn(page, person);
  const stolen = await page.context().storageState();

  await page.getByRole("button", { name: new RegExp(person.name) }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL("/sign-in");

  const thief = await browser.newContext({ storageState: stolen });
  const there = await thief.newPage();
  await there.goto("/profiles");
  await expect(there).toHaveURL(/\/sign-in/);
  expect((await thief.request.get("/api/v1/profiles")).status()).toBe(401);
  await thief.close();
});

test("strangers are sent to the sign-in page, whatever they ask for", async ({ page }) => {
  const pages = [
    "/profiles",
    "/profiles/example",
    "/profiles/example/draft",
    "/snapshots",
    "/sessions",
    "/hosts",
    "/settings",
  ];
  for (const path of pages) {
    await page.goto(path);
    await expect(page, path).toHaveURL(/\/sign-in/);
  }
  for (const path of ["/api/v1/profiles", "/api/v1/snapshots", "/api/v1/sessions", "/api/events"]) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(401);
    expect(answer.headers()["content-type"]).toBe("application/problem+json");
  }
});

test("a link from elsewhere can't send a person who signs in to another site", async ({ page }) => {
  const person = await makePerson("viewer");
  await page.goto(`/sign-in?callbackUrl=${encodeURIComponent("https://example.com/snapshots")}`);
  await trySignIn(page, person.email, password);
  await expect(page).toHaveURL(`${kilnUrl}/snapshots`);
});
