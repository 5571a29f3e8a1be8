/** Open pages move by themselves. */
import { docker } from "./fixtures/docker";
import { gate, openGate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("a list and a version that are open follow the build, and nobody reloads them", async ({ as, api }) => {
  const profile = await api.makeProfile("Moves", { setupScript: `echo working on it\n${gate()}\n` });
  const [list, versions, snapshots] = [await as("viewer"), await as("viewer"), await as("operator")];
  await list.goto(`/profiles?q=${profile.slug}`);
  await versions.goto(`/profiles/${profile.slug}`);
  await snapshots.goto(`/snapshots?profile=${profile.slug}`);
  const inList = list.getByRole("row").filter({ hasText: profile.name });
  const says = (word: string) => inList.getByText(word).filter({ visible: true });
  await expect(inList).toContainText("Not published yet");
  await expect(versions.getByText("No version is published yet.")).toBeVisible();
  await expect(snapshots.getByRole("heading", { name: "No snapshot like that" })).toBeVisible();
  const pages = [list, versions, snapshots];
  for (const page of pages) await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  const { snapshot } = await api.publish(profile.slug, "to be watched");
  const row = versions.getByRole("listitem").filter({ hasText: "Version 1" });
  await expect(says("running")).toBeVisible({ timeout: 30_000 });
  await expect(row).toContainText("Still being prepared.");
  await expect(row).toContainText("to be watched");
  await expect(row.getByRole("progressbar", { name: "Steps" })).toHaveAttribute(
    "aria-valuetext",
    /^Setup script, step 3 of 6$/,
  );
  await expect(row.getByText("working on it")).toBeVisible();
  await expect(snapshots.getByRole("row").filter({ hasText: "#1" })).toContainText("running");

  await openGate(snapshot.id);
  await expect(says("ready")).toBeVisible({ timeout: 20_000 });
  await expect(row).toContainText("New sessions can start.");
  await expect(row.getByRole("progressbar")).toBeHidden();
  await expect(snapshots.getByRole("row").filter({ hasText: "#1" })).toContainText("Serving");

  // A session that somebody starts is counted, too.
  await api.startSession(profile.slug);
  await expect(inList.getByRole("cell", { name: "1", exact: true })).toBeVisible();
  for (const page of pages) expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("the tab's title tells how the build goes", async ({ viewer: page, api }) => {
  const { profile, snapshot } = await api.publishProfile("Title", { setupScript: gate() });
  await page.goto(`/snapshots/${snapshot.id}`);
  await expect(page).toHaveTitle(new RegExp(`^● Running \\d+s · #1 ${profile.slug}$`), { timeout: 30_000 });
  // The last one counts.
  const icon = page.locator('link[rel="icon"]').last();
  await expect(icon).toHaveAttribute("href", /^data:image/);
  const burning = await icon.getAttribute("href");
  await openGate(snapshot.id);
  await expect(page).toHaveTitle(`✓ Ready · #1 ${profile.slug}`, { timeout: 20_000 });
  await expect(icon).not.toHaveAttribute("href", burning ?? "");
  await page.getByRole("link", { name: "Snapshots", exact: true }).click();
  await expect(page).toHaveTitle("Snapshots · Kiln");
  await expect(icon).toHaveAttribute("href", "/icon.svg");
});

test("a ready snapshot hands out a line that runs its image", async ({ viewer: page, api }) => {
  const { profile, snapshot } = await api.publishReady("Run line", {
    setupScript: "echo from the image > /made\n",
  });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/snapshots/${snapshot.id}`);
  await page.getByRole("button", { name: "Copy docker run line" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  expect(line).toBe(`docker run --rm -it ${snapshot.image?.reference}`);
  expect(snapshot.image?.reference).toMatch(new RegExp(`^kiln/${profile.slug}:v1-1-[0-9a-f]{6}$`));
  expect(await docker("run", "--rm", "--network=none", ...line.split(" ").slice(4), "cat", "/made")).toBe(
    "from the image",
  );
});
