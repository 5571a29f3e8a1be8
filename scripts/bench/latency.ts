/**
 * In a real browser: from a click on Refresh to the first log line on screen (bar: median of 20 under 1 s), and
 * from a line written in the container to the line on screen (bar: median at most 150 ms, 95 of 100 at most 400 ms,
 * with `-- --writing 50` builds that write at once). One clock: all on one machine.
 */
import { parseArgs } from "node:util";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { url } from "./address";
import { launchBrowser, signedIn } from "./browser";
import { Cleanup } from "./cleanup";
import { startCrowd } from "./crowd";
import { cancelAndWait, publishProfile, untilReady, withToken } from "./kiln";
import { duration, percentile95, summary } from "./stats";

const CLICKS = 20;

const { values: options } = parseArgs({ options: { writing: { type: "string", default: "1" } } });
const WRITING = Number(options.writing);

/** Until it is cancelled; the shell's own clock, since a process for each line would be most of what is measured. */
const stamps = `exec 3<> <(:)
while :; do now=\${EPOCHREALTIME/./}; echo "stamp=\${now:0:13}"; read -t 0.1 -u 3 || true; done
`;

/** One click on Refresh on the version's row, to the row's first log line. */
async function clickToFirstLine(page: Page): Promise<number> {
  const refresh = page.getByRole("button", { name: /^refresh/i }).first();
  await refresh.waitFor();
  const seen = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let clicked = 0;
        document.addEventListener("click", () => (clicked = performance.timeOrigin + performance.now()), {
          capture: true,
          once: true,
        });
        const look = () => {
          // Whichever line is the newest when the row moves: the first ones come within milliseconds of each other.
          if (
            clicked &&
            /Queued: |Picked up by|Base image |Resolved to|Sandbox [0-9a-f]{12}|Setup script, as/.test(
              document.body.textContent ?? "",
            )
          )
            resolve(performance.timeOrigin + performance.now() - clicked);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await refresh.click();
  return seen;
}

async function lineLatencies(page: Page, snapshotId: string): Promise<number[]> {
  await page.goto(`${url}/snapshots/${snapshotId}`);
  return page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const seen = new Map<string, number>();
        const look = () => {
          const now = Date.now();
          for (const [, stamp = ""] of (document.body.textContent ?? "").matchAll(/stamp=(\d{13})/g))
            if (!seen.has(stamp)) seen.set(stamp, now - Number(stamp));
          // The first picture holds lines from before the page was there.
          if (seen.size >= 120) resolve([...seen.values()].slice(30));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

await withToken(async (bench) => {
  const browser = await launchBrowser();
  const cleanup = new Cleanup();
  const profiles: string[] = [];
  try {
    const page = await signedIn(browser, cleanup, "operator");
    const quick = await publishProfile(bench, `Bench latency ${Date.now()}`, { setupScript: "sleep 2" });
    profiles.push(quick.slug);
    await untilReady(bench, quick.snapshotId);
    const clicks: number[] = [];
    for (let n = 0; n < CLICKS; n += 1) {
      await page.goto(`${url}/profiles/${quick.slug}`);
      clicks.push(await clickToFirstLine(page));
      const { items } = z
        .object({ items: z.array(z.object({ id: z.uuid() })) })
        .parse(await bench.call("GET", `/profiles/${quick.slug}/versions/1/snapshots?limit=1`));
      for (const { id } of items) await untilReady(bench, id);
    }
    console.log(summary("click on Refresh to the first line on screen", clicks));
    await startCrowd(bench, cleanup, WRITING - 1);
    const slow = await publishProfile(bench, `Bench lines ${Date.now()}`, { setupScript: stamps });
    cleanup.later(`profile ${slow.slug}`, () => bench.call("DELETE", `/profiles/${slow.slug}`));
    cleanup.later(`build of ${slow.slug}`, () => cancelAndWait(bench, slow.snapshotId));
    const latencies = await lineLatencies(page, slow.snapshotId);
    console.log(summary(`line written to line on screen, ${WRITING} writing at once`, latencies));
    console.log(`  95 of 100 within ${duration(percentile95(latencies))}`);
  } finally {
    await browser.close();
    await cleanup.run();
    for (const slug of profiles) await bench.call("DELETE", `/profiles/${slug}`);
  }
});
