/** A log that grows by five thousand lines a second, while somebody reads it. */
import { logOf } from "./fixtures/log-view";
import { unique } from "./fixtures/names";
import { openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const EACH = 500;
const MOST_BURSTS = 600;

/** Ten bursts a second until the gate opens: a shell that sleeps after each line would count the sleeps. */
const fast = () => `# ${unique("fast")}
i=0
while [ ! -e /tmp/gate-a ] && [ $i -lt ${MOST_BURSTS} ]; do
  seq $((i * ${EACH} + 1)) $(((i + 1) * ${EACH}))
  i=$((i + 1)); sleep 0.1
done
${rows(1, 3)}`;

test("a log of 5,000 lines a second is followed, left, searched and found whole", async ({
  viewer: page,
  api,
}) => {
  const { snapshot } = await api.publishProfile("Fast", { setupScript: fast() });
  await page.goto(`/snapshots/${snapshot.id}`);
  const log = logOf(page);
  const topRow = async () => Number(await log.getAttribute("data-top-row"));
  // Following: the newest lines are on the screen while they come.
  await expect.poll(topRow, { timeout: 30_000 }).toBeGreaterThan(5_000);
  await expect(log.locator("[data-line]").last()).toBeInViewport();

  // Away from the tail nothing moves, however much comes.
  await page.keyboard.press("f");
  await expect(page.getByRole("button", { name: "Follow", exact: true })).toBeVisible();
  const number = await log.locator("[data-line]").nth(15).getAttribute("data-line");
  const held = log.locator(`[data-line="${number}"]`);
  // A row is as wide as the longest one that is loaded; where it stands is what mustn't change.
  const place = async () => {
    const box = await held.boundingBox();
    return box && { x: box.x, y: box.y, height: box.height };
  };
  const before = await place();
  await expect(page.getByRole("button", { name: /new lines$/ })).toBeVisible();
  expect(await place()).toEqual(before);

  // A search that was begun before finds what comes later, too.
  await page.getByRole("searchbox", { name: "Search the log" }).fill("row 3");
  await openGate(snapshot.id);
  expect((await api.ended(snapshot.id)).status).toBe("ready");
  await expect(page.getByRole("search").getByRole("status")).toHaveText("1", { timeout: 20_000 });
  expect(await place()).toEqual(before);
  expect(await page.locator("[data-line]").count()).toBeLessThan(200);
  await page.keyboard.press("Enter");
  await expect(log.getByText("row 3", { exact: true })).toBeInViewport();

  // What the page has of it is what the server has, from its first line to its last.
  const truth = await api.log(snapshot.id);
  expect(truth.map(({ line }) => line)).toEqual(truth.map((_line, index) => index + 1));
  for (const share of [0.1, 0.5, 0.9]) {
    const line = truth[Math.floor(truth.length * share)];
    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#L${line?.line}`);
    await expect(log.locator(`[data-line="${line?.line}"] [data-text]`)).toHaveText(line?.text ?? "");
  }
});
