/** A refresh never takes away what works. */
import { decided, decideEnd } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("a refresh that fails leaves the old snapshot in service, and the page says both", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishProfile("Fails later", { setupScript: decided() });
  await decideEnd(snapshot.id, 0);
  expect((await api.ended(snapshot.id)).status).toBe("ready");

  await page.goto(`/profiles/${profile.slug}`);
  const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Version 1" }) });
  await expect(row).toContainText("New sessions can start.");
  await row.getByRole("button", { name: "Refresh version 1" }).click();
  await expect(row.getByRole("link", { name: /^refresh #2 (queued|running)$/ })).toBeVisible();
  // While it is made, what works stays in use.
  await expect(row).toContainText("New sessions can start.");
  await expect(page.getByRole("button", { name: "Start session" })).toBeEnabled();

  const { latestSnapshot: second } = await api.version(profile.slug);
  await decideEnd(second?.id ?? "", 7);
  await expect(row.getByRole("link", { name: "refresh #2 failed" })).toBeVisible({ timeout: 20_000 });
  await expect(row).toContainText("serving #1");
  await expect(row).toContainText("New sessions can start.");
  expect(await api.version(profile.slug)).toMatchObject({
    usable: true,
    servingSnapshot: { number: 1, status: "ready", serving: true },
    latestSnapshot: {
      number: 2,
      status: "failed",
      serving: false,
      failure: { code: "setup_failed", exitCode: 7 },
    },
  });

  await page.getByRole("button", { name: "Start session" }).click();
  await expect(page).toHaveURL(/\/sessions\//);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible({ timeout: 20_000 });
  await page.getByRole("tab", { name: "Details" }).click();
  await expect(page.getByRole("main").getByRole("link", { name: "#1", exact: true })).toBeVisible();

  // The next one that succeeds takes over.
  const third = await api.refresh(profile.slug);
  await decideEnd(third.snapshot.id, 0);
  expect(await api.ended(third.snapshot.id)).toMatchObject({ number: 3, status: "ready", serving: true });
  expect((await api.startSession(profile.slug)).snapshotNumber).toBe(3);
});

test("a version whose first snapshot failed isn't usable, and Start session says why", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishProfile("Never ready", { setupScript: "echo no\nexit 3\n" });
  expect((await api.ended(snapshot.id)).status).toBe("failed");
  const reason = "Version 1 has no ready snapshot: inspect the setup script and output, then refresh.";

  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByText("Inspect the setup script and output, then refresh.")).toBeVisible();
  const start = page.getByRole("button", { name: "Start session" });
  await expect(start).toBeDisabled();
  await expect(start).toHaveAccessibleDescription(reason);
  await start.focus();
  await expect(page.getByText(reason)).toBeVisible();

  const refused = await api.ask("POST", "/sessions", { body: { profile: profile.slug } });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "version_not_usable", status: 409 });
});

test("a new version that fails leaves the one before in use", async ({ operator: page, api }) => {
  const { profile } = await api.publishReady("Steps back");
  const { snapshot } = await api.publishNext(profile.slug, { setupScript: "exit 1" });
  expect((await api.ended(snapshot.id)).status).toBe("failed");
  await page.goto(`/profiles/${profile.slug}`);
  await expect(page.getByRole("button", { name: "Start session" })).toBeEnabled();
  expect((await api.startSession(profile.slug)).version).toBe(1);
  const named = await api.ask("POST", "/sessions", { body: { profile: profile.slug, version: 2 } });
  expect(named.status).toBe(409);
});

test("however often and from wherever a refresh is asked for, one snapshot is made", async ({ as, api }) => {
  const { profile, snapshot } = await api.publishProfile("Joined", { setupScript: decided() });
  await decideEnd(snapshot.id, 0);
  await api.ended(snapshot.id);
  const [versions, old] = [await as("operator"), await as("admin")];
  await versions.goto(`/profiles/${profile.slug}`);
  await old.goto(`/snapshots/${snapshot.id}`);

  // An impatient double click must neither make two, nor end up on the Cancel that takes its place.
  await versions.getByRole("button", { name: "Refresh version 1" }).dblclick();
  await expect(versions.getByRole("button", { name: "Cancel snapshot 2" })).toBeVisible();

  const asked = await Promise.all(Array.from({ length: 8 }, () => api.refresh(profile.slug)));
  const { latestSnapshot: second } = await api.version(profile.slug);
  expect(asked.map(({ joined, snapshot }) => [joined, snapshot.id])).toEqual(
    asked.map(() => [true, second?.id]),
  );

  await old.getByRole("button", { name: "Refresh snapshot" }).click();
  await expect(old.getByText("Snapshot #2 of version 1 is already on its way.")).toBeVisible();
  await expect(old).toHaveURL(`/snapshots/${second?.id}`);

  await decideEnd(second?.id ?? "", 0);
  expect(await api.ended(second?.id ?? "")).toMatchObject({ status: "ready", cancelRequestedAt: null });
  expect(await api.snapshots(profile.slug)).toHaveLength(2);
});
