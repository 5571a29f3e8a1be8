/** The browser of the benchmarks, and a person who is signed in to it. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "@playwright/test";
import { createUser, setUserDisabled } from "@/lib/users/manage.server";
import { type Role, systemActor } from "@/lib/users/roles";
import { url } from "./address";
import type { Cleanup } from "./cleanup";

const debianChromium = ["/usr/bin/chromium", "/usr/bin/chromium-headless-shell"].find((file) =>
  existsSync(file),
);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(debianChromium ? { executablePath: debianChromium } : {}),
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update"],
    ],
  });
}

/** A page of a person who is shut out at the end. */
export async function signedIn(browser: Browser, cleanup: Cleanup, role: Role = "viewer"): Promise<Page> {
  const email = `bench-${Date.now()}@kiln.local`;
  const password = randomBytes(18).toString("base64url");
  const user = await createUser(systemActor, { email, name: "Benchmark", role, password });
  cleanup.later(email, () => setUserDisabled(systemActor, user.id, true));
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // The compiler of this script wraps inner functions in a helper that a page doesn't have.
  await page.addInitScript({ content: "globalThis.__name = (it) => it" });
  await page.goto(`${url}/sign-in`);
  await page.getByLabel(/e-?mail/i).fill(email);
  await page
    .getByLabel(/password/i)
    .first()
    .fill(password);
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.waitForURL(/\/profiles/);
  return page;
}

/** Memory that nobody shares with the page's process, in bytes: heap, workers, layout, pictures. Linux only. */
export async function memoryOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const rollup = readFileSync(`/proc/${id}/smaps_rollup`, "utf8");
      return [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
        (sum, [, size]) => sum + Number(size),
        0,
      );
    });
  return Math.max(...sizes) * 1024;
}
