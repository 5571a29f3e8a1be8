/** The log while it grows: whatever happens to the reader, nothing is missing and nothing is there twice. */
import { expectWhole, logOf } from "./fixtures/log-view";
import { gate, openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const inThreeParts = () => [rows(1, 300), gate("a"), rows(301, 600), gate("b"), rows(601, 900)].join("\n");

test("a page that is reloaded in the middle has every line once, in order", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishProfile("Reloaded", { setupScript: inThreeParts() });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 300", { exact: true })).toBeVisible({ timeout: 30_000 });

  await openGate(snapshot.id, "a");
  await page.reload();
  await expect(log.getByText("row 600", { exact: true })).toBeVisible();
  await expectWhole(log, await api.log(snapshot.id));

  await openGate(snapshot.id, "b");
  expect((await api.ended(snapshot.id)).status).toBe("ready");
  await expect(page.getByText("Serving", { exact: true })).toBeVisible();
  const truth = await api.log(snapshot.id);
  expect(truth.filter(({ stream }) => stream === "stdout").map(({ text }) => text)).toEqual(
    Array.from({ length: 900 }, (_row, index) => `row ${index + 1}`),
  );
  await expectWhole(log, truth);

  const raw = await page.request.get(
    (await page.getByRole("link", { name: "Download the raw log" }).getAttribute("href")) ?? "",
  );
  expect(await raw.text()).toBe(`${truth.map(({ text }) => text).join("\n")}\n`);
});

test("a reader who was cut off goes on where they were", async ({ viewer: page, api, line, watch }) => {
  watch.expect(/ERR_(INTERNET_DISCONNECTED|CONNECTION|EMPTY|SOCKET|INCOMPLETE)|Failed to fetch/);
  const { snapshot } = await api.publishProfile("Cut off", { setupScript: inThreeParts() });
  await page.goto(`${line.url}/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 300", { exact: true })).toBeVisible({ timeout: 30_000 });

  // Being offline keeps a page from asking again; what is open is cut by the line.
  await page.context().setOffline(true);
  line.cut();
  await openGate(snapshot.id, "a");
  await expect.poll(async () => (await api.snapshot(snapshot.id)).log.lastLine).toBe("row 600");
  await expect(page.getByText("Reconnecting…")).toBeVisible();
  await expect(log.getByText("row 301", { exact: true })).toBeHidden();

  line.mend();
  await page.context().setOffline(false);
  await expect(log.getByText("row 600", { exact: true })).toBeVisible();
  await expect(page.getByText("Reconnecting…")).toBeHidden();
  await openGate(snapshot.id, "b");
  await expect(page.getByText("Serving", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expectWhole(log, await api.log(snapshot.id));
});

test("following stops when the reader scrolls up, and goes on when they want", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishProfile("Followed", { setupScript: inThreeParts() });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 300", { exact: true })).toBeInViewport({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Following" })).toHaveAttribute("aria-pressed", "true");

  await log.hover();
  await page.mouse.wheel(0, -600);
  const follow = page.getByRole("button", { name: "Follow", exact: true });
  await expect(follow).toHaveAttribute("aria-pressed", "false");
  await expect(log.getByText("row 300", { exact: true })).not.toBeInViewport();

  // What is on the screen stays where it is while lines come.
  const held = log.getByText("row 265", { exact: true });
  const before = await held.boundingBox();
  await openGate(snapshot.id, "a");
  const fresh = page.getByRole("button", { name: "300 new lines" });
  await expect(fresh).toBeVisible();
  expect(await held.boundingBox()).toEqual(before);

  await fresh.click();
  await expect(log.getByText("row 600", { exact: true })).toBeInViewport();
  await openGate(snapshot.id, "b");
  await expect(log.getByText("Ready: new sessions can start")).toBeInViewport({ timeout: 20_000 });
});

test("several readers see the same", async ({ as, api }) => {
  const { snapshot } = await api.publishProfile("Readers", { setupScript: inThreeParts() });
  const readers = [await as("viewer"), await as("operator"), await as("admin")];
  await Promise.all(readers.map((page) => page.goto(`/snapshots/${snapshot.id}`)));
  await openGate(snapshot.id, "a");
  await openGate(snapshot.id, "b");
  expect((await api.ended(snapshot.id)).status).toBe("ready");
  const truth = await api.log(snapshot.id);
  for (const page of readers) {
    await expect(page.getByText("Serving", { exact: true })).toBeVisible();
    await expectWhole(logOf(page), truth);
  }
});
