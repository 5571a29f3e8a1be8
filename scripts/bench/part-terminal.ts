/** From a key to its echo, in a browser and without one. */
import type { Page } from "@playwright/test";
import { z } from "zod";
import { ticketAnswerSchema } from "@/lib/terminals/wire";
import { TerminalClient } from "@/worker/testing/terminal-client";
import { url } from "./address";
import { launchBrowser, signedIn } from "./browser";
import { Cleanup } from "./cleanup";
import { type Bench, publishProfile, untilReady } from "./kiln";
import type { Report } from "./report";

const KEYS = 100;
const BAR_MS = 30;

export async function partTerminal(bench: Bench, report: Report): Promise<void> {
  const cleanup = new Cleanup();
  const browser = await launchBrowser();
  try {
    const { slug, snapshotId } = await publishProfile(bench, `Bench terminal ${Date.now()}`, {});
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    await untilReady(bench, snapshotId);
    const started = await bench.call("POST", "/sessions", { profile: slug, wait: "running" });
    const { id } = z.object({ id: z.uuid() }).parse(started);
    cleanup.later(`session ${id}`, () => bench.call("DELETE", `/sessions/${id}`));
    const page = await signedIn(browser, cleanup, "operator");
    report.limit("key to echo, in a browser", await inBrowser(page, id), BAR_MS);
    report.limit("key to echo, without one", await withoutBrowser(bench, id), BAR_MS);
  } finally {
    await browser.close();
    await cleanup.run();
  }
}

/** Between the key's event and the change of the screen's text, by the page's own clock. */
async function inBrowser(page: Page, sessionId: string): Promise<number[]> {
  await page.goto(`${url}/sessions/${sessionId}`);
  await page.getByText("Connected", { exact: true }).waitFor();
  await page.locator(".xterm").click();
  // `cat` echoes nothing by itself: what is measured is the terminal's own echo.
  await page.keyboard.type("cat\n");
  const times = await page.evaluateHandle(() => {
    const found: number[] = [];
    let pressed = 0;
    document.addEventListener("keydown", () => (pressed = performance.now()), { capture: true });
    const observer = new MutationObserver(() => {
      if (pressed) found.push(performance.now() - pressed);
      pressed = 0;
    });
    for (const rows of document.querySelectorAll(".xterm-rows"))
      observer.observe(rows, { subtree: true, childList: true, characterData: true });
    return found;
  });
  for (let n = 0; n < KEYS; n += 1) {
    await page.keyboard.press(String.fromCharCode(97 + (n % 26)));
    await page.waitForFunction(([found, count]) => found.length >= count, [times, n + 1] as const);
  }
  return times.jsonValue();
}

async function withoutBrowser(bench: Bench, sessionId: string): Promise<number[]> {
  const answer = await bench.call("POST", `/sessions/${sessionId}/terminal-tickets`, {});
  const { ticket } = ticketAnswerSchema.parse(answer);
  const address = `${url.replace(/^http/, "ws")}/api/v1/sessions/${sessionId}/terminal`;
  const client = await TerminalClient.open(address, ticket);
  client.type("echo rea''dy; cat\r");
  await client.sees("ready\r\n");
  const times: number[] = [];
  for (let n = 0; n < KEYS; n += 1) {
    const before = client.bytes;
    const start = performance.now();
    client.type("x");
    await client.grows(before);
    times.push(performance.now() - start);
  }
  client.say({ type: "close" });
  await client.ended();
  return times;
}
