/**
 * In a real browser: from a click on Refresh to the first log line on screen (bar: median of 20 under 1 s), and
 * from a line written in the container to the line on screen (bar: median under 300 ms). One clock: all on one machine.
 */

import type { Page } from "@playwright/test";
import { z } from "zod";
import { url } from "./address";
import { launchBrowser, signedIn } from "./browser";
import { Cleanup } from "./cleanup";
import { publishProfile, untilReady, withToken } from "./kiln";
import { summary } from "./stats";

const CLICKS = 20;

const stamps = `for i in $(seq 1 150); do echo "stamp=$(date +%s%3N)"; sleep 0.1; done\n`;

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
    const slow = await publishProfile(bench, `Bench lines ${Date.now()}`, { setupScript: stamps });
    profiles.push(slow.slug);
    console.log(summary("line written to line on screen", await lineLatencies(page, slow.snapshotId)));
    await untilReady(bench, slow.snapshotId);
  } finally {
    await browser.close();
    await cleanup.run();
    for (const slug of profiles) await bench.call("DELETE", `/profiles/${slug}`);
  }
});
