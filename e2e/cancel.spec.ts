/** A build that nobody wants any more is gone at once, with everything in it. */
import { containersOf } from "./fixtures/docker";
import { buildsAtOnce } from "./fixtures/environment";
import { gate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("a running build is cancelled: its container is gone within five seconds", async ({
  operator: page,
  api,
  crew,
}) => {
  const stubborn = `trap '' TERM INT\necho started\n${gate()}\n`;
  const { profile, snapshot } = await api.publishProfile("Cancelled", { setupScript: stubborn });
  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByRole("main").getByText("started")).toBeVisible({ timeout: 30_000 });
  expect(await containersOf(snapshot.id)).toHaveLength(1);

  await page.getByRole("button", { name: "Cancel snapshot 1" }).click();
  await expect.poll(() => containersOf(snapshot.id), { timeout: 5_000 }).toEqual([]);
  await expect(page.getByText("Refresh to prepare it.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Refresh version 1" })).toBeVisible();
  const { name } = await crew.person("operator");
  expect(await api.snapshot(snapshot.id)).toMatchObject({
    status: "cancelled",
    cancelRequestedBy: name,
    image: null,
  });

  const again = await api.ask("POST", `/snapshots/${snapshot.id}/cancel`);
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "already_ended" });
});

test("a build that only waits is cancelled where it waits", async ({ operator: page, api, crew }) => {
  const blockers = [];
  for (let place = 1; place <= buildsAtOnce; place += 1)
    blockers.push(await api.publishProfile(`In line ${place}`, { setupScript: gate() }));
  const { profile, snapshot } = await api.publishProfile("Last in line");

  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(page).toHaveTitle(`○ Queued · #1 ${profile.slug}`);
  await page.getByRole("button", { name: "Cancel build" }).click();
  await expect(page).toHaveTitle(`⊘ Cancelled · #1 ${profile.slug}`);
  const { name } = await crew.person("operator");
  await expect(page.getByRole("log").getByText(`Cancelled by ${name} before it was picked up`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Refresh snapshot" })).toBeVisible();

  for (const blocker of blockers) await api.cancel(blocker.snapshot.id);
  for (const blocker of blockers) expect((await api.ended(blocker.snapshot.id)).status).toBe("cancelled");
  expect(await api.snapshot(snapshot.id)).toMatchObject({ status: "cancelled", startedAt: null });
});
