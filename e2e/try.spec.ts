/** A draft is tried before anybody else can get it, and a failure can be looked into. */
import { expectAccessible } from "./fixtures/accessible";
import { containersOf } from "./fixtures/docker";
import { logOf } from "./fixtures/log-view";
import { gate, openGate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

// Builds, and axe over pages with all of a log in them.
test.slow();

test("a draft is tried, found broken, looked into, mended, and published", async ({
  operator: page,
  api,
}) => {
  const profile = await api.makeProfile("Tried", { setupScript: "echo half > /half\nexit 3\n" });
  await page.goto(`/profiles/${profile.slug}/draft`);
  await page.getByRole("button", { name: "Try it" }).click();
  const dialog = page.getByRole("dialog", { name: "Try this draft?" });
  await dialog.getByRole("checkbox", { name: /Keep the container for 15 minutes/ }).click();
  await expectAccessible(page, "the question before a try");
  await dialog.getByRole("button", { name: "Try it" }).click();

  await expect(page).toHaveURL(/\/snapshots\//);
  const crumbs = page.getByRole("navigation", { name: "Breadcrumbs" });
  await expect(crumbs.getByText("Try #1")).toBeVisible();
  await expect(page.getByRole("heading", { name: "The setup script ended with exit code 3." })).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByText("mend the setup script in the draft, then try again")).toBeVisible();
  await expect(page.getByText(/^Kept until \d\d:\d\d$/)).toBeVisible();
  // A shell in it, and single commands.
  await page.locator(".xterm").click();
  await page.keyboard.type('echo "[$(cat /half)]"\n');
  await expect(page.locator(".xterm-rows")).toContainText("[half]");
  await page.getByRole("tab", { name: "Commands" }).click();
  await page.getByLabel("Shell command").fill("cat /half; pwd");
  await page.getByLabel("Shell command").press("Enter");
  await expect(page.getByRole("log", { name: "Commands and their output" })).toContainText("half");
  await expect(page.getByText("exit 0")).toBeVisible();
  await expectAccessible(page, "a failed try whose container is kept");

  const [first] = await api.snapshots(profile.slug);
  const id = first?.id ?? "";
  expect(first).toMatchObject({ trigger: "try", version: null, status: "failed" });
  expect(await containersOf(id)).toHaveLength(1);
  await page.getByRole("button", { name: "Remove now" }).click();
  await expect(page.getByText("was kept for a while, and is removed now")).toBeVisible({ timeout: 45_000 });
  expect(await containersOf(id)).toEqual([]);

  await page.getByRole("link", { name: "Open draft" }).click();
  await expect(page.getByText(/Tried .*: failed/)).toBeVisible();
  // What somebody else saved isn't spoken of before it is on the page: the text that is there couldn't be tried.
  const changed = page.getByText("The draft has changed since.");
  const compared = page.waitForResponse((answer) => answer.url().endsWith(`/${profile.slug}/draft/try`));
  await page.route(`**/api/v1/profiles/${profile.slug}/draft`, async (route) => {
    await compared;
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
    await expect(changed).toBeHidden();
    await route.fallback();
  });
  await api.saveDraft(profile.slug, {
    ...(await api.draft(profile.slug)).spec,
    setupScript: `echo mended\n${gate()}\n`,
  });
  await expect(changed).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Setup script" })).toContainText("mended");
  await page.getByRole("button", { name: "Try it" }).click();
  await dialog.getByRole("button", { name: "Try it" }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page).toHaveURL(/\/snapshots\//);
  await expect(logOf(page).getByText("mended", { exact: true })).toBeVisible({ timeout: 30_000 });

  // Somebody who tries it at the same time comes to the same build.
  const [second] = await api.snapshots(profile.slug);
  const joined = await api.ask("POST", `/profiles/${profile.slug}/draft/try`);
  expect([joined.status, (await joined.json()).id]).toEqual([200, second?.id]);
  await openGate(second?.id ?? "");
  await expect(page.getByRole("heading", { name: "The draft builds. Publish it." })).toBeVisible({
    timeout: 30_000,
  });
  expect(await api.snapshot(second?.id ?? "")).toMatchObject({
    status: "ready",
    image: null,
    serving: false,
  });

  await page.getByRole("main").getByRole("link", { name: "Open draft" }).click();
  await expect(page.getByText(/Tried .*: ready/)).toBeVisible();
  await expect(changed).toBeHidden();
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish version 1" }).click();
  await expect(page).toHaveURL(`/profiles/${profile.slug}`);
  const { latestSnapshot } = await api.version(profile.slug);
  await openGate(latestSnapshot?.id ?? "");
  expect(await api.ended(latestSnapshot?.id ?? "")).toMatchObject({
    status: "ready",
    version: 1,
    serving: true,
  });
});

test("a cancelled build says who asked, and when it was enforced", async ({ operator: page, api, crew }) => {
  const profile = await api.makeProfile("Called off", { setupScript: `echo started\n${gate()}` });
  const answer = await api.ask("POST", `/profiles/${profile.slug}/draft/try`, {
    body: { keepOnFailure: true },
  });
  expect(answer.status).toBe(201);
  const { id } = await answer.json();
  await page.goto(`/snapshots/${id}`);
  await expect(logOf(page).getByText("started", { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Cancel build" }).click();
  const { name } = await crew.person("operator");
  await expect(page.getByText("Asked by", { exact: true })).toBeVisible();
  await expect(page.getByText("That took")).toBeVisible({ timeout: 15_000 });
  const { cancelRequestedBy, cancelEnforcedAt, kept } = await api.snapshot(id);
  expect([cancelRequestedBy, kept]).toEqual([name, null]);
  expect(cancelEnforcedAt).not.toBeNull();
});

test("what can't be tried is refused with its reason", async ({ api }) => {
  const { profile } = await api.publishReady("Without a draft");
  const refused = async (slug: string) => {
    const answer = await api.ask("POST", `/profiles/${slug}/draft/try`);
    return [answer.status, (await answer.json()).code];
  };
  expect(await refused(profile.slug)).toEqual([404, "no_draft"]);
  const secret = await api.makeProfile("With a secret", { secrets: ["NOWHERE_TO_BE_FOUND"] });
  expect(await refused(secret.slug)).toEqual([422, "unknown_secret"]);
  const archived = await api.makeProfile("Archived draft");
  expect((await api.ask("DELETE", `/profiles/${archived.slug}`)).ok).toBe(true);
  expect(await refused(archived.slug)).toEqual([409, "profile_archived"]);
});
