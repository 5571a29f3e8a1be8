/** Starting a session with everything that can be chosen: version, name, lifetime, variables, secrets. */
import { z } from "zod";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

test("an operator chooses profile, version, name, lifetime, variables and secrets, and the session has them", async ({
  operator: page,
  api,
}) => {
  const secret = `START_${Date.now()}`;
  await api.call(z.unknown(), "PUT", `/secrets/${secret}`, { body: { value: "not to be shown" } });
  const { profile } = await api.publishReady("Start");
  const next = await api.publishNext(profile.slug, { setupScript: "false\n" });
  await api.ended(next.snapshot.id);

  await page.goto("/sessions");
  await page.getByRole("button", { name: "Start session" }).click();
  const choice = page.getByRole("dialog", { name: "Start a session of which profile?" });
  await choice.getByRole("textbox", { name: "Search by name" }).fill(profile.name);
  await choice.getByRole("button", { name: profile.name }).click();

  const dialog = page.getByRole("dialog", { name: `Start a session of ${profile.name}` });
  await dialog.getByRole("combobox", { name: "Version" }).click();
  const versions = page.getByRole("listbox");
  await expect(versions.getByRole("option", { name: /Newest that is ready: version 1/ })).toBeVisible();
  await expect(versions.getByRole("option", { name: /Version 2.*Failed/ })).toBeDisabled();
  await versions.getByRole("option", { name: /^Version 1.*Ready: #1, built/ }).click();
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("by hand");
  await dialog.getByRole("textbox", { name: "Lifetime in hours" }).fill("9999");
  await dialog.getByRole("button", { name: "Variables and secrets" }).click();
  await dialog.getByRole("button", { name: "Add variable" }).click();
  await dialog.getByRole("textbox", { name: "Name of variable 1" }).fill("9GREETING");
  await dialog.getByRole("textbox", { name: "Value of variable 1" }).fill("hello there");
  await dialog.getByRole("checkbox", { name: secret }).check();
  await expectAccessible(page, "start a session");
  const hours = dialog.getByRole("textbox", { name: "Lifetime in hours" });
  await expect(hours).toHaveAccessibleDescription(/lets a session live for 48 h at most/);
  await expect(dialog.getByRole("button", { name: "Start session" })).toBeDisabled();
  await hours.fill("0");
  await dialog.getByRole("button", { name: "Start session" }).click();
  await expect(dialog.getByText("Give at least 1 hour.")).toBeVisible();
  await expect(dialog.getByText(/not starting with a digit/)).toBeVisible();

  await hours.fill("2");
  await dialog.getByRole("textbox", { name: "Name of variable 1" }).fill("GREETING");
  await dialog.getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\/[0-9a-f-]{36}/);
  await expect(page.getByRole("heading", { name: "by hand" })).toBeVisible();
  const [session] = await api.sessions(profile.slug);
  await expect.poll(async () => (await api.session(session?.id ?? "")).status).toBe("running");
  const { stdout } = await api.exec(session?.id ?? "", "sh", "-c", `echo "$GREETING: $${secret}"`);
  expect(stdout).toBe("hello there: ***\n");
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByText(secret)).toBeVisible();
  await expect(page.getByText("GREETING")).toBeVisible();
});
