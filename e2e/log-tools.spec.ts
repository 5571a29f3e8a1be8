/** Reading a log that is complete: search, folds, addresses, colours, and what is not to be trusted in it. */
import { logOf } from "./fixtures/log-view";
import { rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

test("search goes through all lines, also those that aren't on the screen", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Search", { setupScript: rows(1, 400) });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const search = page.getByRole("searchbox", { name: "Search the log" });
  const verdict = page.getByRole("search").getByRole("status");
  await expect(log.getByText("row 1", { exact: true })).toBeVisible();
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await page.keyboard.type("row 39");
  await expect(verdict).toHaveText("11");
  await search.press("Enter");
  await expect(verdict).toHaveText("1 of 11");
  await expect(log.getByText("row 39", { exact: true })).toBeInViewport();
  await search.press("Enter");
  await expect(verdict).toHaveText("2 of 11");
  await expect(log.getByText("row 390")).toBeInViewport();
  await search.press("Shift+Enter");
  await search.press("Shift+Enter");
  await expect(verdict).toHaveText("11 of 11");
  await expect(log.getByText("row 399")).toBeInViewport();

  await search.fill("no such words");
  await expect(verdict).toHaveText("no hit");
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  await search.fill("^row (7|77)$");
  await expect(verdict).toHaveText("2");
  await search.fill("row (");
  await expect(verdict).toHaveText("not a pattern");
  await search.press("Escape");
  await expect(search).toHaveValue("");
});

test("a step folds, and what is searched for unfolds it", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Folds", { setupScript: rows(1, 30) });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const heading = log.getByRole("button", { name: /^Setup script/ });
  await expect(heading).toHaveAttribute("aria-expanded", "true");
  await heading.click();
  await expect(heading).toHaveAttribute("aria-expanded", "false");
  await expect(log.getByText("row 12", { exact: true })).toBeHidden();
  await expect(heading).toContainText("31 lines");

  await page.getByRole("searchbox", { name: "Search the log" }).fill("row 12");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveAttribute("aria-expanded", "true");
  await expect(log.getByText("row 12", { exact: true })).toBeInViewport();
});

test("an address points at lines", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Address", { setupScript: rows(1, 300) });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const numberOf = async (text: string) =>
    (await api.log(snapshot.id)).findIndex((line) => line.text === text) + 1;
  const first = await numberOf("row 250");
  await page.goto(`/snapshots/${snapshot.id}#L${first}`);
  const log = logOf(page);
  await expect(log.getByText("row 250", { exact: true })).toBeInViewport();
  await expect(page.getByRole("button", { name: "Copy 1 line" })).toBeVisible();

  await log.getByRole("link", { name: `${first + 2}`, exact: true }).click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(new RegExp(`#L${first}-L${first + 2}$`));
  await page.getByRole("button", { name: "Copy 3 lines" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("row 250\nrow 251\nrow 252");

  await page.reload();
  await expect(log.getByText("row 251", { exact: true })).toBeInViewport();

  // A step in the summary is an address, too.
  await page
    .getByRole("region", { name: "Steps" })
    .getByRole("link", { name: /^Setup script/ })
    .click();
  await expect(page).toHaveURL(/#L\d+$/);
  await expect(log.getByText("row 1", { exact: true })).toBeInViewport();
});

test("colours are styles, and nothing in a line is markup", async ({ viewer: page, api }) => {
  const setupScript = String.raw`
printf '\033[31mred words\033[0m plain words \033[1;32mbold and green\033[0m\n'
printf '\033[38;2;10;20;30mof its own colour\033[0m\n'
echo '<img src="x" onerror="window.hacked = true"><b>not bold</b>'
echo '<script>window.hacked = true</script>'
printf 'a bell \007 and a title \033]0;hacked\007 are not shown\n'
printf '10 percent\r50 percent\r100 percent\n'
echo 'on standard error' >&2
`;
  const { snapshot } = await api.publishReady("Colours", { setupScript });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("red words")).toHaveAttribute("style", /--ansi-1\b/);
  await expect(log.getByText("bold and green")).toHaveCSS("font-weight", "600");
  await expect(log.getByText("of its own colour")).toHaveAttribute("style", /color/);
  await expect(log.getByText('<img src="x" onerror="window.hacked = true"><b>not bold</b>')).toBeVisible();
  await expect(log.getByText("<script>window.hacked = true</script>")).toBeVisible();
  await expect(log.getByText("100 percent", { exact: true })).toBeVisible();
  await expect(log.getByTitle("Standard error")).toHaveCount(1);
  expect(await log.locator("img, b, script").count()).toBe(0);
  expect(await log.innerText()).not.toMatch(/\[\d*;?3\d|50 percent/);
  expect(await log.textContent()).not.toContain("\u001b");
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await expect(page).toHaveTitle(/^✓ Ready/);
});

test("a failure says which step, with what, its last words and what to do", async ({
  operator: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishProfile("Failure", {
    setupScript: `${rows(1, 12)}\necho "E: the last words" >&2\nexit 42\n`,
  });
  await api.ended(snapshot.id);
  await page.goto(`/snapshots/${snapshot.id}`);
  const card = page.getByRole("region", { name: "The setup script ended with exit code 42." });
  await expect(card).toContainText("Setup script, exit code 42, setup_failed");
  await expect(card).toContainText("Inspect the setup script and output, then refresh.");
  const last = card.getByRole("region", { name: "Last lines of the step" });
  await expect(last).toContainText("row 12");
  await expect(last).toContainText("E: the last words");
  await expect(last).not.toContainText("row 3");
  // What went well is folded; the end of what failed is in sight.
  const log = logOf(page);
  await expect(log.getByRole("button", { name: /^Base image/ })).toHaveAttribute("aria-expanded", "false");
  await expect(log.getByText("E: the last words")).toBeInViewport();
  await expect(page).toHaveTitle(`✕ Failed · #1 ${profile.slug}`);

  await card.getByRole("button", { name: "Retry", exact: true }).click();
  await expect(page).not.toHaveURL(`/snapshots/${snapshot.id}`);
  await expect(page).toHaveTitle(new RegExp(`#2 ${profile.slug}$`));
});
