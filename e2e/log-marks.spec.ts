/** What a log says about itself: groups, annotations, links, and what is new in one that failed. */
import { logOf } from "./fixtures/log-view";
import { gate, openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const said = (end: string) => `echo "::group::Install packages"
${rows(1, 12)}
echo "::endgroup::"
echo "::warning file=Makefile,line=3::deprecated flag"
echo "built in $(date +%s) at $(date) in /tmp/build-$$"
${end}`;
const broken = `echo "::group::Compile"
echo "a.c:3: error: expected ;" >&2
echo "::error file=a.c,line=3::expected ; before }"
echo "::endgroup::"
exit 3`;

test("groups fold, annotations have a word, and a failed log is compared with the last good one", async ({
  viewer: page,
  api,
}) => {
  const { profile, snapshot } = await api.publishReady("Marks", { setupScript: said("echo all is well") });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const packages = log.getByRole("button", { name: /^Install packages/ });
  await expect(packages).toHaveAttribute("aria-expanded", "true");
  await expect(log.getByText("::")).toHaveCount(0);
  await packages.click();
  await expect(packages).toContainText("12 lines");
  await expect(log.getByText("row 7", { exact: true })).toBeHidden();
  await expect(log.getByText("Warning:")).toBeVisible();
  await expect(log.getByText("Makefile:3")).toBeVisible();
  // The strip: each step by its time, and the way to it.
  await page
    .getByRole("navigation", { name: "Steps by their time" })
    .getByRole("button", { name: /^Setup script, done/ })
    .click();
  await expect(page).toHaveURL(/#L\d+$/);

  const next = await api.publishNext(profile.slug, { setupScript: said(broken) });
  expect((await api.ended(next.snapshot.id)).status).toBe("failed");
  await page.goto(`/snapshots/${next.snapshot.id}`);
  // What went well is folded, what didn't is open.
  await expect(packages).toHaveAttribute("aria-expanded", "false");
  await expect(log.getByRole("button", { name: /^Compile/ })).toHaveAttribute("aria-expanded", "true");
  await expect(log.getByText("expected ; before }")).toBeVisible();
  await page.getByRole("link", { name: "Compare logs" }).click();
  const differences = page.getByRole("region", { name: "Differences" });
  await expect(differences.getByText("a.c:3: error: expected ;")).toBeVisible();
  await expect(differences.getByText("all is well")).toBeVisible();
  await expect(differences.getByText(/^built in /)).toHaveCount(1);
  await page.getByRole("button", { name: "Only what is new" }).click();
  await expect(differences.getByText("all is well")).toBeHidden();
  await differences
    .getByRole("link", { name: /^Line / })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/snapshots/${next.snapshot.id}#L\\d+$`));
});

test("links say where they lead, and nothing turns the text around", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Links", {
    setupScript: String.raw`printf 'see \033]8;;https://example.com/x\033\\the manual\033]8;;\033\\ or \033]8;;javascript:alert(1)\033\\this\033]8;;\033\\\n'
printf 'user\342\200\256nimda\342\200\254 logged in\n'
printf '\033]52;c;aGFja2Vk\007\033]0;title\007clean\n'`,
  });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const link = log.getByRole("link", { name: "the manual" });
  await expect(link).toHaveAttribute("href", "https://example.com/x");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(log.getByText("(example.com)")).toBeVisible();
  await expect(log.getByRole("link", { name: "this" })).toHaveCount(0);
  await expect(log.getByText("U+202E")).toBeVisible();
  await expect(log.getByText("clean", { exact: true })).toBeVisible();
});

test("a version's card has the last lines of its build", async ({ viewer: page, api }) => {
  const script = `${rows(1, 9)}\n${gate("a")}\necho and on\n${gate("b")}`;
  const { profile, snapshot } = await api.publishProfile("Card", { setupScript: script });
  await page.goto(`/profiles/${profile.slug}`);
  const card = page.getByRole("listitem").filter({ hasText: "Version 1" });
  for (const row of ["row 7", "row 8", "row 9"])
    await expect(card.getByText(row, { exact: true })).toBeVisible({ timeout: 30_000 });
  await openGate(snapshot.id, "a");
  await expect(card.getByText("and on", { exact: true })).toBeVisible();
  await openGate(snapshot.id, "b");
});

test("every tool has a key, and they are listed", async ({ viewer: page, api }) => {
  const { snapshot } = await api.publishReady("Keys", {
    setupScript: `${rows(1, 300)}\necho "error: one"\n${rows(301, 400)}`,
  });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText("row 1", { exact: true })).toBeVisible();
  await page.keyboard.press("e");
  await expect(log.getByText("error: one")).toBeInViewport();
  await page.keyboard.press("/");
  await page.keyboard.type("row 20");
  await page.keyboard.press("Enter");
  await expect(log.getByText("row 20", { exact: true })).toBeInViewport();
  await log.focus();
  await page.keyboard.press("n");
  await expect(log.getByText("row 200", { exact: true })).toBeInViewport();
  await page.keyboard.press("N");
  await expect(log.getByText("row 20", { exact: true })).toBeInViewport();
  await page.keyboard.press("G");
  await expect(log.getByText("row 400", { exact: true })).toBeInViewport();
  await page.keyboard.press("w");
  await expect(page.getByRole("button", { name: "Wrap long lines (w)" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await page.keyboard.press("t");
  await expect(log.getByText(/^\d+:\d\d\.\d$/).first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(
    page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Log: next and previous error"),
  ).toBeVisible();
});
