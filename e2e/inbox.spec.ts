/** Who owns a profile hears of its failure: the bell, the inbox, and what they chose to hear of. */
import { makePerson, signIn } from "./fixtures/people";
import { decided, decideEnd } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("a refresh that fails is on its owner’s bell at once, is read, and nobody else is told", async ({
  page,
  viewer: stranger,
  api,
}) => {
  const { profile, snapshot } = await api.publishProfile("Owned", { setupScript: decided() });
  await decideEnd(snapshot.id, 0);
  await api.ended(snapshot.id);

  // Somebody becomes its owner by name. Other tests' failures are no news to somebody new.
  const me = await makePerson("operator");
  await signIn(page, me);
  await page.goto(`/profiles/${profile.slug}/settings`);
  await page.getByLabel("Name or e-mail of another owner").fill("Nobody of that name");
  await page.getByRole("button", { name: "Add owner" }).click();
  await expect(page.getByText("Nobody who may sign in is called")).toBeVisible();
  await page.getByLabel("Name or e-mail of another owner").fill(me.name);
  await page.getByRole("button", { name: "Add owner" }).click();
  const owners = page.getByRole("region", { name: "Owners" });
  await expect(owners).toContainText(me.email);

  // The bell moves by itself.
  const bell = page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: /^Inbox/ });
  await expect(bell).toHaveAccessibleName("Inbox");
  const refresh = await api.refresh(profile.slug);
  await decideEnd(refresh.snapshot.id, 1);
  await api.ended(refresh.snapshot.id);
  await expect(bell).toHaveAccessibleName("Inbox, 1 unread");

  await bell.click();
  await expect(page).toHaveURL("/inbox");
  const message = page.getByRole("listitem").filter({ hasText: profile.name });
  await expect(message).toContainText("Began to fail");
  await expect(message).toContainText("Unread");
  await message.getByRole("link", { name: "Began to fail" }).click();
  await expect(page).toHaveURL(`/snapshots/${refresh.snapshot.id}`);
  await expect(bell).toHaveAccessibleName("Inbox");

  // On a phone it is in the top bar.
  await stranger.setViewportSize({ width: 390, height: 844 });
  await stranger.goto("/inbox");
  await expect(stranger.getByRole("banner").getByRole("link", { name: "Inbox", exact: true })).toBeVisible();
  await expect(stranger.getByText(profile.name)).toHaveCount(0);

  // All at once, while the page is open.
  await bell.click();
  const second = await api.refresh(profile.slug);
  await decideEnd(second.snapshot.id, 1);
  await expect(page.getByText("1 unread.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Snapshot failed" })).toContainText("Unread");
  await page.getByRole("button", { name: "Mark all read" }).click();
  await expect(page.getByText("All read.")).toBeVisible();
  await expect(bell).toHaveAccessibleName("Inbox");

  // What is switched off isn't told; what is subscribed to is.
  await page.goto("/settings/inbox");
  const usual = page.getByRole("switch", { name: "When a refresh of a profile that I own fails" });
  await usual.click();
  await expect(usual).not.toBeChecked();
  await expect(page.getByRole("link", { name: profile.name })).toBeVisible();
  await page.getByRole("button", { name: "Add events" }).click();
  const dialog = page.getByRole("dialog", { name: "Also tell me" });
  await dialog.getByRole("button", { name: "Tell me" }).click();
  await expect(dialog.getByText("Choose at least one event.")).toBeVisible();
  await dialog.getByRole("checkbox", { name: "Any snapshot is ready" }).click();
  await dialog.getByLabel("Only of these profiles").fill(profile.name);
  await dialog.getByRole("button", { name: `Add ${profile.name}` }).click();
  await expect(dialog.getByRole("button", { name: `Remove ${profile.name}` })).toBeVisible();
  await dialog.getByRole("button", { name: "Tell me" }).click();
  const chosen = page.getByRole("region", { name: "Subscriptions" }).getByRole("listitem");
  await expect(chosen).toContainText(profile.name);
  await expect(chosen).toContainText("Any snapshot is ready");
  for (const end of [1, 0]) {
    const { snapshot: next } = await api.refresh(profile.slug);
    await decideEnd(next.id, end);
    await api.ended(next.id);
  }
  await expect(bell).toHaveAccessibleName("Inbox, 1 unread");
  await page.getByRole("button", { name: `Remove ${profile.name}` }).click();
  await expect(page.getByText("Nothing beyond the usual yet.")).toBeVisible();
  await usual.click();
  await expect(usual).toBeChecked();
});
