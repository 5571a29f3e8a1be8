/** A host whose container engine doesn't answer (F17): said on its page, until it does. */
import { recordEngineAway } from "@/lib/hosts/engine-health.server";
import { listHosts } from "@/lib/hosts/store.server";
import { expectAccessible } from "./fixtures/accessible";
import { expect, test } from "./fixtures/test";

test("unhealthy, since when and why; its worker takes that back when the engine answers", async ({
  viewer: page,
}) => {
  const [host] = await listHosts();
  const row = page.getByRole("table", { name: "Engines" }).getByRole("row").filter({ hasText: host!.name });
  // The worker looks every ten seconds, and may have looked in between.
  await expect(async () => {
    await recordEngineAway(host!.id, "The container engine can't be reached: connect ECONNREFUSED.");
    await page.goto("/hosts");
    await expect(row).toContainText(/unhealthy.*The container engine hasn’t answered since \d/, {
      timeout: 2_000,
    });
  }).toPass();
  await expect(page.getByRole("alert").filter({ hasText: `engine of ${host!.name}` })).toContainText(
    "ECONNREFUSED",
  );
  await expectAccessible(page, "the hosts with one that is unhealthy");
  await expect(row).toContainText("healthy", { timeout: 40_000 });
  await expect(row).not.toContainText("unhealthy", { timeout: 40_000 });
});
