/**
 * `npm test`: sets up what the tests need, runs the checks and all suites, stops what it started. The last line is
 * `Tests: N passed, N failed`. `npm test -- --only pure|database|engine|e2e|check [FILTER…]` runs a part.
 */
import { parseArgs } from "node:util";
import { provideBaseImage } from "./setup/base-image.mjs";
import { provideBrowser } from "./setup/browser.mjs";
import { buildWeb } from "./setup/build.mjs";
import { watchCommands } from "./setup/commands.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { startE2e } from "./setup/e2e.mjs";
import { provideEngine } from "./setup/engine.mjs";
import { claimInstance } from "./setup/instance.mjs";
import { createLifecycle } from "./setup/lifecycle.mjs";
import { dataFolder } from "./setup/paths.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure, Refusal } from "./setup/refusal.mjs";
import { elapsed, print, step } from "./setup/steps.mjs";
import { runChecks, runPlaywright, runVitest } from "./setup/suites.mjs";
import { closingLine } from "./setup/summary.mjs";
import { makeTemplate, startTestServer } from "./setup/test-database.mjs";
import { provideBusyboxImage } from "./setup/test-images.mjs";

const suites = ["check", "pure", "database", "engine", "e2e"];

/** @typedef {import("./setup/summary.mjs").Count} Count */

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { only: { type: "string", multiple: true } },
    allowPositionals: true,
  });
  const chosen = (values.only ?? []).flatMap((value) => value.split(","));
  const unknown = chosen.filter((name) => !suites.includes(name));
  if (unknown.length > 0)
    throw new Refusal(`--only takes ${suites.join(", ")}; it was given ${unknown.join(", ")}.`);
  return { chosen: chosen.length > 0 ? chosen : suites, filters: positionals };
}

/**
 * Begins all that the chosen suites need; each suite then waits for its own part only.
 * @param {string[]} chosen
 * @param {import("./setup/lifecycle.mjs").Lifecycle} lifecycle
 */
function setUp(chosen, { own, callbacks }) {
  const needs = (/** @type {string[]} */ ...names) => names.some((name) => chosen.includes(name));
  const never = Promise.resolve(null);

  const dependencies = step("Dependencies", installDependencies);
  const client = dependencies.then(() => step("Database client", () => generateClient()));
  const server = needs("database", "engine", "e2e")
    ? dependencies.then(() =>
        step("Test database", async (say) => {
          const started = await startTestServer({ say, ...callbacks });
          return started.started ? own({ ...started, name: "postgres" }) : started;
        }),
      )
    : never;
  const template = Promise.all([client, server]).then(([, server]) =>
    server ? step("Template", (say) => makeTemplate(server, say)) : null,
  );
  const engine = needs("engine", "e2e")
    ? step("Container engine", async (say) => {
        const found = await provideEngine({ say, ...callbacks });
        await own(found.service);
        return found.dockerHost;
      })
    : never;
  const images = engine.then(async (dockerHost) => {
    if (!dockerHost) return null;
    const busybox = await step("Busybox image", (say) => provideBusyboxImage(dockerHost, say));
    const base = await step("Base image", (say) => provideBaseImage(dockerHost, say));
    return { busybox, base };
  });
  const browser = needs("e2e") ? dependencies.then(() => step("Browser", provideBrowser)) : never;
  const built = needs("e2e") ? client.then(() => step("Build", buildWeb)) : never;
  const all = { client, server, template, engine, images, browser, built };
  // Whoever waits for one of them gets its failure; until then it must not count as nobody's.
  void Promise.allSettled(Object.values(all));
  return all;
}

/**
 * @param {ReturnType<typeof setUp>} setup
 * @returns {Promise<NodeJS.ProcessEnv>} never with the user's own database in it
 */
async function testEnvironment({ server, template, engine, images }) {
  const { DATABASE_URL: _notForTests, ...env } = process.env;
  const [running, name, dockerHost, made] = await Promise.all([server, template, engine, images]);
  return {
    ...env,
    ...(running && name ? { KILN_TEST_DATABASE_URL: running.url("postgres"), KILN_TEST_TEMPLATE: name } : {}),
    ...(dockerHost ? { DOCKER_HOST: dockerHost } : {}),
    ...(made ? { KILN_TEST_BUSYBOX_IMAGE: made.busybox, KILN_TEST_BASE_IMAGE: made.base } : {}),
  };
}

/**
 * @param {string} suite
 * @param {string[]} filters
 * @param {ReturnType<typeof setUp>} setup
 * @param {import("./setup/lifecycle.mjs").Lifecycle} lifecycle
 * @returns {Promise<Count>}
 */
async function runSuite(suite, filters, setup, lifecycle) {
  await setup.client;
  if (suite === "check") return runChecks();
  if (suite === "pure") return runVitest("pure", filters, process.env);
  const parts = { ...setup, ...(suite === "database" ? { engine: null, images: null } : {}) };
  const env = await testEnvironment(/** @type {typeof setup} */ (parts));
  if (suite === "database" || suite === "engine") return runVitest(suite, filters, env);

  const [server, template, dockerHost, images] = await Promise.all([
    setup.server,
    setup.template,
    setup.engine,
    setup.images,
  ]);
  const [browser] = await Promise.all([setup.browser, setup.built]);
  if (!server || !template || !dockerHost || !images)
    throw new Error("The browser tests need everything set up.");
  const told = await step("Kiln for tests", () =>
    startE2e({ lifecycle, server, template, dockerHost, baseImage: images.base }),
  );
  return runPlaywright(filters, { ...env, ...told, ...(browser ? { KILN_CHROMIUM: browser } : {}) });
}

async function main() {
  const { chosen, filters } = readArguments();
  const instance = await claimInstance(dataFolder("test"), "npm test");
  const lifecycle = createLifecycle(instance);
  watchCommands((commands) => instance.update({ commands }));
  const setup = setUp(chosen, lifecycle);
  /** @type {(Count & { suite: string })[]} */
  const counts = [];
  for (const suite of suites.filter((name) => chosen.includes(name))) {
    print(`\n— ${suite}`);
    try {
      counts.push({ suite, ...(await runSuite(suite, filters, setup, lifecycle)) });
    } catch (error) {
      if (lifecycle.isEnding()) return;
      const at = error instanceof Error && "step" in error ? `${error.step}: ` : "";
      const problem = `${at}${describeFailure(error)}`;
      print(problem);
      counts.push({ suite, passed: 0, failed: 1, flaky: [], problem: problem.split("\n")[0] });
    }
  }
  if (lifecycle.isEnding()) return;
  if (counts.every(({ passed, failed }) => passed + failed === 0)) {
    counts.push({
      suite: "all",
      passed: 0,
      failed: 1,
      flaky: [],
      problem: `no test matches ${filters.join(" ")}`,
    });
  }
  await lifecycle.stop();
  print(`\n${elapsed()}`);
  for (const { suite, passed, failed, flaky, problem } of counts) {
    print(`  ${suite.padEnd(9)} ${passed} passed, ${failed} failed${problem ? ` (${problem})` : ""}`);
    for (const name of flaky) print(`    flaky, passed when it was tried again: ${name}`);
  }
  print(closingLine(counts));
  process.exit(counts.some(({ failed }) => failed > 0) ? 1 : 0);
}

main().catch((error) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  print("Tests: 0 passed, 1 failed");
  process.exit(1);
});
