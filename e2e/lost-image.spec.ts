/** An image that somebody deletes from the engine (F20): found, replaced, and said on every page that it concerns. */
import { z } from "zod";
import { docker } from "./fixtures/docker";
import { expect, test } from "./fixtures/test";

test("the next older snapshot serves and the pages say so; without one a new one is queued", async ({
  operator: page,
  crew,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Lost");
  const second = await api.ended((await api.refresh(profile.slug)).snapshot.id);
  await page.goto(`/profiles/${profile.slug}`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Version 1" }) });
  await expect(row).toContainText("serving #2");

  await docker("rmi", "--force", second.image!.id);
  const admin = await crew.api("admin");
  const sweep = () => admin.call(z.object({}).loose(), "POST", "/sweep", { body: { dryRun: false } });
  await sweep();
  await expect(row).toContainText("serving #1");
  await expect(row).toContainText(/The image of #2 is gone from .+\. #1 serves again\./);
  await row.getByRole("link", { name: "#2 removed" }).click();
  await expect(page.getByText(/^Image lost: it was deleted from .+\. #1 serves again\.$/)).toBeVisible();

  // The next one is found by the session that is to start from it.
  await docker("rmi", "--force", snapshot.image!.id);
  const session = await api.startSession(profile.slug, { version: 1 });
  expect(session.failure?.message).toContain("the image of #1 is gone");
  await page.goto(`/sessions/${session.id}`);
  await expect(page.getByText(/A new snapshot, #3, is being prepared\./)).toBeVisible();
  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(page.getByText(/A new snapshot, #3, was queued\.$/)).toBeVisible();
  const [third] = await api.snapshots(profile.slug);
  expect(third).toMatchObject({ number: 3, trigger: "image_lost", requestedBy: "Kiln" });
  await api.ended(third!.id);
  await page.goto(`/profiles/${profile.slug}`);
  await expect(row).toContainText("serving #3");
  await expect(row).not.toContainText("is gone from");
});
