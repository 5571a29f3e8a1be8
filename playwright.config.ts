/** The browser tests. `npm test -- --only e2e [FILTER…]` brings up the Kiln that they run against. */
import { defineConfig, devices } from "@playwright/test";

const executablePath = process.env.KILN_CHROMIUM || undefined;
/** Debian's Chromium in a closed network, as root: no sandbox, and none of the calls home that would be refused. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** They take as long as twenty others: begun first, no one of them is waited for alone at the end. */
const long = ["log-cuts", "accessible", "narrow", "log-million", "inventory"].map(
  (name) => `**/${name}.spec.ts`,
);

export default defineConfig({
  testDir: "e2e",
  outputDir: ".data/test/playwright",
  projects: [
    { name: "long", testMatch: long },
    { name: "short", testMatch: "**/*.spec.ts", testIgnore: long },
  ],
  // More than half of a test is waiting for what others do: four at a time keep two cores busy.
  workers: 4,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  globalTimeout: 25 * 60_000,
  // For a machine that does much else: what is there at once isn't waited for.
  expect: { timeout: 20_000 },
  reporter: process.env.KILN_E2E_REPORT
    ? [["list"], ["json", { outputFile: process.env.KILN_E2E_REPORT }]]
    : [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env.KILN_E2E_URL,
    // For whoever looks for a failure: they cost a quarter of the time.
    trace: process.env.KILN_E2E_TRACE ? "retain-on-failure" : "off",
    screenshot: process.env.KILN_E2E_TRACE ? "only-on-failure" : "off",
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    launchOptions: { executablePath, args: quiet },
  },
});
