/** The queue: what waits, in its order, and what can be done about it. */
import { buildsAtOnce } from "./fixtures/environment";
import { gate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("what waits is put first, and cancelled, where it waits", async ({ operator: page, api, as }) => {
  const blockers = [];
  for (let place = 1; place <= buildsAtOnce; place += 1)
    blockers.push(await api.publishProfile(`In front ${place}`, { setupScript: gate() }));
  const first = await api.publishProfile("Came first");
  const second = await api.publishProfile("Came second");

  await page.goto("/snapshots");
  await page.getByRole("link", { name: "Queue", exact: true }).click();
  const rows = page.getByRole("table", { name: "Waiting" }).getByRole("row");
  const row = (name: string) => rows.filter({ hasText: name });
  const place = async (name: string) => Number(await row(name).getByRole("cell").first().textContent());
  await expect(row(second.profile.name)).toBeVisible();
  expect(await place(first.profile.name)).toBeLessThan(await place(second.profile.name));

  await row(second.profile.name)
    .getByRole("button", { name: `Run #1 of ${second.profile.name} next` })
    .click();
  await expect(row(second.profile.name)).toContainText("Next");
  await expect
    .poll(async () => (await place(second.profile.name)) < (await place(first.profile.name)))
    .toBe(true);

  const viewer = await as("viewer");
  await viewer.goto("/queue");
  await expect(viewer.getByRole("row").filter({ hasText: first.profile.name })).toBeVisible();
  await expect(viewer.getByRole("button", { name: /^(Run|Cancel) #/ })).toHaveCount(0);

  await row(first.profile.name)
    .getByRole("button", { name: `Cancel #1 of ${first.profile.name}` })
    .click();
  await expect(row(first.profile.name)).toHaveCount(0);
  expect(await api.snapshot(first.snapshot.id)).toMatchObject({ status: "cancelled", startedAt: null });

  for (const blocker of blockers) await api.cancel(blocker.snapshot.id);
  expect((await api.ended(second.snapshot.id)).status).toBe("ready");
  const refused = await api.ask("POST", `/snapshots/${second.snapshot.id}/next`);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "not_queued" });
});
