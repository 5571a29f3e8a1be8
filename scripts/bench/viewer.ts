/**
 * The log viewer in a real browser: how soon a finished log is usable, how quick a jump and a search are, what it
 * takes in memory, and whether it stutters at 5,000 lines a second; beside a list made for logs and a plain `<pre>` on
 * the same data. Bars are docs' own; one that is missed fails nothing.
 */
import type { Browser, Page } from "@playwright/test";
import { replaceLog } from "@/prisma/factories/big-log";
import { url } from "./address";
import { type BesideServer, serveBeside } from "./beside-server";
import { launchBrowser, memoryOf, signedIn } from "./browser";
import { Cleanup } from "./cleanup";
import { type Bench, cancelAndWait, publishProfile, untilReady, withToken } from "./kiln";
import { duration, median, summary } from "./stats";

const ROUNDS = 5;
const LIVE_SECONDS = Number(process.argv[2] ?? 60);
const bars = { 100000: 1_000, 1000000: 1_500 } as const;

const FIRST_PATTERN = String.raw`^\d+500 needle.*[13] of 97$`;
/** As quickly as a good typist does. */
const LETTER_MS = 80;

const verdict = (value: number, bar: number) => (value <= bar ? "✓" : "✗ missed");

/** From the click on the address to the log's own first line on screen. */
async function timeOpening(page: Page, address: string, isUsable: () => boolean): Promise<number> {
  await page.goto("about:blank");
  const begun = Date.now();
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(isUsable, undefined, { timeout: 120_000, polling: "raf" });
  return Date.now() - begun;
}

const kilnIsSeen = () =>
  document.querySelector('[role="log"] [data-line="3"]') !== null &&
  document.querySelector("[data-loading]") === null;
/** Its lines are there, and it obeys: React has taken it over. */
const kilnIsUsable = () => {
  const log = document.querySelector('[role="log"]');
  return (
    log?.querySelector('[data-line="3"]') != null &&
    document.querySelector("[data-loading]") === null &&
    Object.keys(log).some((key) => key.startsWith("__reactProps"))
  );
};
const listIsUsable = () =>
  /\b2 unpacking/.test(document.getElementById("root")?.innerText.slice(0, 4_000) ?? "");
const preIsUsable = () => (document.querySelector("pre")?.offsetHeight ?? 0) > 0;

/** From a new address to the line on screen, in the page's own clock. */
const timeJump = (page: Page, line: number) =>
  page.evaluate(
    (number) =>
      new Promise<number>((resolve) => {
        const begun = performance.now();
        window.location.hash = `#L${number}`;
        const look = () => {
          if (document.querySelector(`[data-line="${number}"]`)) resolve(performance.now() - begun);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    line,
  );

/**
 * From the last letter of a pattern to the number of all of its hits.
 * @param letterMs between two letters; 0 for a pattern that is pasted
 */
async function timeSearch(page: Page, pattern: string, letterMs = 0): Promise<number> {
  const field = page.getByRole("searchbox", { name: "Search the log" });
  await field.fill("");
  const done = page.evaluate(
    (whole) =>
      new Promise<number>((resolve) => {
        let begun = 0;
        const onInput = ({ target }: Event) => {
          if (target instanceof HTMLInputElement && target.value === whole) begun = performance.now();
        };
        document.addEventListener("input", onInput, { capture: true });
        const look = () => {
          const told = document.querySelector('search [role="status"]')?.textContent ?? "";
          if (begun > 0 && /^(?:[\d,]+(?: of [\d,]+)?|no hit)$/.test(told)) {
            document.removeEventListener("input", onInput, { capture: true });
            resolve(performance.now() - begun);
          } else requestAnimationFrame(look);
        };
        look();
      }),
    pattern,
  );
  await (letterMs > 0 ? field.pressSequentially(pattern, { delay: letterMs }) : field.fill(pattern));
  return done;
}

async function measureFinished(
  page: Page,
  browser: Browser,
  beside: BesideServer,
  lines: 100_000 | 1_000_000,
  id: string,
) {
  await replaceLog(id, lines);
  const name = lines.toLocaleString("en");
  const address = `${url}/snapshots/${id}`;
  const times = { seen: [] as number[], kiln: [] as number[], list: [] as number[], pre: [] as number[] };
  const other = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  for (let round = 0; round < ROUNDS; round += 1) {
    times.seen.push(await timeOpening(page, address, kilnIsSeen));
    times.kiln.push(await timeOpening(page, address, kilnIsUsable));
    times.list.push(await timeOpening(other, `${beside.address}/list?lines=${lines}`, listIsUsable));
    times.pre.push(await timeOpening(other, `${beside.address}/pre?lines=${lines}`, preIsUsable));
  }
  await other.close();
  console.log(
    summary(
      `${name} lines usable (≤ ${duration(bars[lines])} ${verdict(median(times.kiln), bars[lines])})`,
      times.kiln,
    ),
  );
  console.log(summary("  its first lines on screen", times.seen));
  console.log(summary("  @melloware/react-logviewer", times.list));
  console.log(summary("  <pre>", times.pre));
  const jumps: number[] = [];
  for (let each = 1; each <= 20; each += 1)
    jumps.push(await timeJump(page, Math.round((lines * each * 0.618) % lines) + 5));
  console.log(summary(`  jump to any line (≤ 150 ms ${verdict(median(jumps), 150)})`, jumps));
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  const searches = [await timeSearch(page, FIRST_PATTERN)];
  for (const part of ["1\\d of 97", "lib\\w+-97[0-6] ", "could (not)+ be", "(foo|bar)+baz"])
    searches.push(await timeSearch(page, part));
  console.log(
    summary(
      `  regex, the first with the text's download (≤ 1.5 s ${verdict(searches[0] ?? 0, 1_500)})`,
      searches,
    ),
  );
  console.log(`    the first: ${duration(searches[0] ?? 0)}`);
  await page.reload();
  await page.getByRole("button", { name: "Use a regular expression" }).click();
  const typed = await timeSearch(page, FIRST_PATTERN, LETTER_MS);
  console.log(`    the first of a page, typed at ${LETTER_MS} ms a letter: ${duration(typed)}`);
  const memory = await memoryOf(browser);
  console.log(
    `  memory of the page with its search: ${(memory / 1e6).toFixed(0)} MB (≤ 250 ${verdict(memory, 250e6)})`,
  );
}

/** 500 lines ten times a second. */
const hurry = `i=0; end=$(($(date +%s) + ${LIVE_SECONDS}))
while [ $(date +%s) -lt $end ]; do seq -f "line %.0f of a build that is in a hurry" $((i * 500 + 1)) $(((i + 1) * 500)); i=$((i + 1)); sleep 0.095; done`;

async function measureLive(bench: Bench, page: Page, browser: Browser, cleanup: Cleanup): Promise<void> {
  const { slug, snapshotId } = await publishProfile(bench, `Bench hurry ${Date.now()}`, {
    setupScript: hurry,
  });
  cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
  cleanup.later(`build of ${slug}`, () => cancelAndWait(bench, snapshotId));
  await page.goto(`${url}/snapshots/${snapshotId}`);
  await page.waitForFunction(
    () => Number(document.querySelector('[role="log"]')?.getAttribute("data-top-row")) > 2_000,
    undefined,
    { timeout: 60_000 },
  );
  const frames = await page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const gaps: number[] = [];
        const begun = performance.now();
        let before = begun;
        const look = (now: number) => {
          gaps.push(now - before);
          before = now;
          if (now - begun > milliseconds) resolve(gaps.slice(1));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    (LIVE_SECONDS - 5) * 1_000,
  );
  const worst = Math.max(...frames);
  console.log(summary(`frames at 5,000 lines a second (none > 100 ms ${verdict(worst, 100)})`, frames));
  console.log(
    `  frames over 100 ms: ${frames.filter((gap) => gap > 100).length}; memory ${((await memoryOf(browser)) / 1e6).toFixed(0)} MB`,
  );
}

await withToken(async (bench) => {
  const cleanup = new Cleanup();
  const browser = await launchBrowser();
  const beside = await serveBeside();
  try {
    const page = await signedIn(browser, cleanup);
    const { slug, snapshotId } = await publishProfile(bench, `Bench viewer ${Date.now()}`, {
      setupScript: "echo hello",
    });
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    await untilReady(bench, snapshotId);
    for (const lines of [100_000, 1_000_000] as const)
      await measureFinished(page, browser, beside, lines, snapshotId);
    await measureLive(bench, page, browser, cleanup);
  } finally {
    await browser.close();
    await beside.close();
    for (const left of await cleanup.run()) console.log(`not taken away: ${left}`);
  }
});
