/** A browser for the end-to-end tests: Debian's where packages can be installed, else Playwright's own. */
import { existsSync } from "node:fs";
import path from "node:path";
import { canInstallPackages, installPackages } from "./apt.mjs";
import { CommandFailed, run } from "./commands.mjs";
import { logFile, modules, node } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

/** The one without windows first: the tests take a fifth less time with it. */
const known = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/**
 * @param {(what: string) => void} say
 * @returns {Promise<string>} the path of an installed browser; "" for the one that Playwright keeps
 */
export async function provideBrowser(say) {
  const named = process.env.KILN_CHROMIUM;
  if (named && !existsSync(named))
    throw new Refusal(`There is no browser at KILN_CHROMIUM=${named}: correct the path.`);
  const found = named ?? known.find((file) => existsSync(file));
  if (found) return found;
  if (canInstallPackages()) {
    say("installing Chromium (Debian packages chromium-headless-shell, fonts-dejavu-core)");
    await installPackages(["chromium-headless-shell", "fonts-dejavu-core"]);
    return "/usr/bin/chromium-headless-shell";
  }
  say("installing Playwright's own Chromium unless it is there");
  try {
    const cli = path.join(modules, "@playwright/test/cli.js");
    await run(node, [cli, "install", "chromium"], { log: logFile("playwright-install") });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Refusal(
      "No browser is here and none could be downloaded: install Chromium, or name one in KILN_CHROMIUM.",
    );
  }
  return "";
}
