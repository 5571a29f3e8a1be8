/** The runtime plan in the dashboard: filled in, published, and followed step by step. */
import { debianImage } from "./fixtures/environment";
import { expect, test } from "./fixtures/test";

test("packages and steps of the script: from the draft to the log", async ({ operator: page, api }) => {
  test.slow();
  const { slug } = await api.makeProfile("Planned", { baseImage: debianImage, network: "bridge" });
  await page.goto(`/profiles/${slug}/draft`);

  await test.step("a line that isn't a package is named, and so is an address with a password", async () => {
    const apt = page.getByLabel("apt packages");
    await apt.fill("hello\nnot a package");
    await expect(apt).toHaveAccessibleDescription(/^Line 2: Write a Debian package/);
    await apt.fill("hello=2.*\n");
    await page.getByRole("button", { name: "Add repository" }).click();
    await page.getByLabel("Path of repository 1").fill("/src");
    const address = page.getByLabel("Address of repository 1");
    await address.fill("https://me:word@example.com/project");
    await expect(address).toHaveAccessibleDescription(/Leave user and password out/);
    await page.getByRole("button", { name: /^Remove https/ }).click();
  });

  await page.getByRole("textbox", { name: "Setup script" }).click();
  await page.keyboard.type("## step: Say hello\nhello\n## step: Second part\necho second");
  await expect(page.getByText(/^Saved/)).toBeVisible();
  expect((await api.draft(slug)).spec.packages.apt).toEqual(["hello=2.*"]);

  await page.getByRole("button", { name: "Publish version 1" }).click();
  const sheet = page.getByRole("dialog", { name: "Publish version 1" });
  await expect(sheet.getByText("hello=2.*")).toBeVisible();
  await sheet.getByRole("button", { name: "Publish version 1" }).click();
  await page.getByRole("link", { name: "Follow it" }).click();

  const steps = page.getByRole("region", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveText(
    [
      /^Base image/,
      /^Files/,
      /^apt packages/,
      /^Say hello/,
      /^Second part/,
      /^Capture/,
      /^Check/,
      /^Promote/,
    ],
    { timeout: 30_000 },
  );
  await expect(page.getByText("Ready: new sessions can start")).toBeVisible({ timeout: 90_000 });
  await steps.filter({ hasText: "Say hello" }).getByRole("link").click();
  await expect(page.getByText("Hello, world!")).toBeVisible();
  // Its heading in the log; the strip above has a button for it, too.
  await expect(page.getByRole("button", { name: /^Second part done/ })).toBeVisible();
});
