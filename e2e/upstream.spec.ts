/** What snapshots are built from moves on: incoming webhooks, what a version says of it, and all that is out of date. */
import { db } from "@/lib/db/client.server";
import { signatureHeaders } from "@/worker/notify/sign";
import { expectAccessible } from "./fixtures/accessible";
import { kilnUrl } from "./fixtures/environment";
import { expect, test } from "./fixtures/test";

test("a webhook is made, refreshes by a signed message, and is deleted", async ({ operator: page, api }) => {
  const { profile } = await api.publishReady("Hooked");
  await page.goto(`/profiles/${profile.slug}/settings`);
  await page.getByRole("button", { name: "New webhook" }).click();
  const dialog = page.getByRole("dialog", { name: "New webhook" });
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  await expect(dialog.getByText("Give the hook a name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Forge");
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  const made = page.getByRole("dialog", { name: "Copy the signing key now" });
  const key = (await made.getByText(/^whsec_/).textContent()) ?? "";
  await made.getByRole("button", { name: "I have it" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Forge" });
  await expect(row).toContainText("No message yet");
  const path = (await row.getByText(/^\/api\/v1\/hooks\//).textContent()) ?? "";

  const post = (headers: Record<string, string>) =>
    fetch(new URL(path, kilnUrl), { method: "POST", body: "{}", headers });
  const refused = await post({});
  expect([refused.status, (await refused.json()).code]).toEqual([401, "unsigned"]);
  const signed = signatureHeaders(key, "first", Math.floor(Date.now() / 1000), "{}");
  const taken = await post(signed);
  expect(taken.status).toBe(202);
  const answer = await taken.json();
  expect(answer).toMatchObject({ outcome: "queued", snapshot: { number: 2 } });
  expect(await (await post(signed)).json()).toMatchObject({ outcome: "repeated" });
  await page.reload();
  await expect(row).toContainText("a refresh was queued");
  expect(await api.ended(answer.snapshot.id)).toMatchObject({
    trigger: "hook",
    status: "ready",
    serving: true,
  });
  await page.goto(`/snapshots/${answer.snapshot.id}`);
  await expect(page.getByText(/hook Forge/).first()).toBeVisible();

  await page.goto(`/profiles/${profile.slug}/settings`);
  await row.getByRole("button", { name: "Delete Forge" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete webhook" }).click();
  await expect(page.getByText("Forge is deleted.")).toBeVisible();
  await expect(row).toBeHidden();
  expect((await post(signed)).status).toBe(404);
});

test("what has moved is said on the version, listed, and refreshed with one button", async ({
  operator: page,
  as,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Behind");
  await db().$executeRaw`
    UPDATE snapshots SET base_moved_at = now() - interval '3 days', repository_moved_at = now() - interval '2 hours',
      repositories_moved = ARRAY['https://example.com/tools.git'], upstream_checked_at = now() WHERE id = ${snapshot.id}::uuid`;
  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByText(/Base image moved 3 d ago/)).toBeVisible();
  await expect(page.getByText(/Repository moved 2 h ago/)).toContainText("https://example.com/tools.git");

  await page.goto("/snapshots");
  await page.getByRole("link", { name: "Out of date" }).click();
  const row = page
    .getByRole("table", { name: "Out of date" })
    .getByRole("row")
    .filter({ hasText: profile.name });
  await expect(row).toContainText("Base image moved");
  await expect(row).toContainText("Repository moved");
  await expectAccessible(page, "what is out of date");
  const viewer = await as("viewer");
  await viewer.goto("/snapshots/stale");
  await expect(viewer.getByRole("table", { name: "Out of date" })).toContainText(profile.name);
  await expect(viewer.getByRole("button", { name: /^Refresh/ })).toBeHidden();

  await page.getByRole("button", { name: /^Refresh (all|the others)/ }).click();
  await expect(page.getByText(/refresh(es)? queued/)).toBeVisible();
  // Refreshed, it is out of date no more.
  await expect(row).toBeHidden({ timeout: 60_000 });
  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByText(/serving/).first()).toContainText("#2");
  await expect(page.getByText(/Base image moved/)).toBeHidden();
});
