/** What an administrator changes about a person counts at that person's next request. */
import { setUserDisabled, setUserRole } from "@/lib/users/manage.server";
import { systemActor } from "@/lib/users/roles";
import { makePerson, password, signIn, trySignIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

// A Kiln without any administrator doesn't let go of the last one: these tests change people, so there has to be one.
test.beforeAll(() => makePerson("admin"));

test("a disabled person is out at once, and can't come back", async ({ page, watch }) => {
  watch.expect(/401/);
  const person = await makePerson("operator");
  await signIn(page, person);
  await setUserDisabled(systemActor, person.id, true);

  expect((await page.request.get("/api/v1/profiles")).status()).toBe(401);
  await page.getByRole("link", { name: "Snapshots" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await trySignIn(page, person.email, password);
  await expect(page.getByRole("alert").filter({ hasText: "E-mail or password is wrong." })).toBeVisible();
});

test("a changed role counts at the next request, in both directions", async ({ page }) => {
  const person = await makePerson("viewer");
  await signIn(page, person);
  const newProfile = page.getByRole("button", { name: "New profile" });
  await expect(newProfile).toBeHidden();

  await setUserRole(systemActor, person.id, "operator");
  await page.reload();
  await newProfile.click();
  const form = page.getByRole("dialog", { name: "New profile" });

  // The page still shows the form, but what it asks for is refused.
  await setUserRole(systemActor, person.id, "viewer");
  await form.getByLabel("Name").fill("Too late");
  await form.getByRole("button", { name: "Create profile" }).click();
  await expect(form.getByRole("alert")).toHaveText("This needs the role operator; you have the role viewer.");
});
